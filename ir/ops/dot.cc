// The general matrix product: shape, vjp and reference side by side.
#include "ir/horn.h"
#include "ir/ops/make.h"
#include "ir/ops/reference.h"

namespace hornbeam::horn {

using namespace mlir;

namespace {

using Axes = llvm::SmallVector<int64_t>;

Axes joined(Dims a, Dims b) {
  Axes all(a);
  all.append(b.begin(), b.end());
  return all;
}

// Gradient by one side: the product of the cotangent [batch, lhs free, rhs free] with the other side over the other's
// free axes. Its axes are (batch, own free, the other's contracted) for lhs and (batch, the other's contracted, own
// free) for rhs, which for plain matrix products are in place already; else a transpose puts them there.
Value side_gradient(const Make& m, Value g, Value side, Dims side_contract, Dims side_batch, Value other,
                    Dims other_contract, Dims other_batch, bool is_lhs) {
  int64_t batches = static_cast<int64_t>(side_batch.size());
  Axes side_free = other_axes(rank(side), joined(side_batch, side_contract));
  Axes other_free = other_axes(rank(other), joined(other_batch, other_contract));
  Axes g_batch, g_other;
  for (int64_t i = 0; i < batches; ++i) g_batch.push_back(i);
  int64_t first = batches + (is_lhs ? static_cast<int64_t>(side_free.size()) : 0);
  for (size_t i = 0; i < other_free.size(); ++i) g_other.push_back(first + static_cast<int64_t>(i));
  Value product = is_lhs ? m.make<DotOp>(g, other, g_other, other_free, g_batch, other_batch)
                         : m.make<DotOp>(other, g, other_free, g_other, other_batch, g_batch);
  // The other's contracted axes come out in increasing order; the side's axis that pairs with each:
  Axes sorted(other_contract), paired;
  llvm::sort(sorted);
  for (int64_t axis : sorted)
    paired.push_back(side_contract[llvm::find(other_contract, axis) - other_contract.begin()]);
  Axes source = joined(side_batch, is_lhs ? joined(side_free, paired) : joined(paired, side_free));
  Axes permutation(source.size());
  for (auto [i, axis] : llvm::enumerate(source)) permutation[axis] = i;
  bool identity = llvm::is_sorted(permutation);
  return identity ? product : m.transpose(product, permutation);
}

}  // namespace

LogicalResult DotOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor adaptor, Types& types) {
  Value lhs = adaptor.getLhs(), rhs = adaptor.getRhs();
  Dims lhs_contract = adaptor.getLhsContract(), rhs_contract = adaptor.getRhsContract();
  Dims lhs_batch = adaptor.getLhsBatch(), rhs_batch = adaptor.getRhsBatch();
  if (failed(check_kind(location, "dot", lhs, Kind::number))) return failure();
  if (element(lhs) != element(rhs))
    return shape_error(location, "dot",
                       "operands must have one dtype. Received: " + std::string(name_of(ir::dtype_of(lhs.getType()))) +
                           " and " + std::string(name_of(ir::dtype_of(rhs.getType()))));
  if (lhs_contract.size() != rhs_contract.size() || lhs_batch.size() != rhs_batch.size())
    return shape_error(location, "dot",
                       "both sides must name as many contracted and as many batch axes. Received: lhs_contract=" +
                           text(lhs_contract) + ", rhs_contract=" + text(rhs_contract) +
                           ", lhs_batch=" + text(lhs_batch) + ", rhs_batch=" + text(rhs_batch));
  Axes lhs_used = joined(lhs_batch, lhs_contract), rhs_used = joined(rhs_batch, rhs_contract);
  if (failed(check_axes(location, "dot", lhs_used, rank(lhs), "the axes of lhs")) ||
      failed(check_axes(location, "dot", rhs_used, rank(rhs), "the axes of rhs")))
    return failure();
  Axes result;
  for (auto [l, r] : llvm::zip_equal(lhs_used, rhs_used))
    if (!fits(dims(lhs)[l], dims(rhs)[r]))
      return shape_error(location, "dot",
                         "axis " + std::to_string(l) + " of lhs and axis " + std::to_string(r) +
                             " of rhs must have equal sizes. Received: lhs.shape=" + text(lhs) +
                             ", rhs.shape=" + text(rhs));
  for (auto [l, r] : llvm::zip_equal(lhs_batch, rhs_batch)) result.push_back(known_of(dims(lhs)[l], dims(rhs)[r]));
  result.append(without(dims(lhs), lhs_used));
  result.append(without(dims(rhs), rhs_used));
  types.push_back(RankedTensorType::get(result, element(lhs)));
  return success();
}

void DotOp::vjp(OpBuilder& b, ValueRange g, llvm::SmallVectorImpl<Value>& grads) {
  Make m{b, getLoc()};
  if (!is_float(getLhs())) return grads.append({Value(), Value()});
  grads.push_back(side_gradient(m, g[0], getLhs(), getLhsContract(), getLhsBatch(), getRhs(), getRhsContract(),
                                getRhsBatch(), true));
  grads.push_back(side_gradient(m, g[0], getRhs(), getRhsContract(), getRhsBatch(), getLhs(), getLhsContract(),
                                getLhsBatch(), false));
}

std::vector<Array> DotOp::evaluate(llvm::ArrayRef<Array> in) {
  const Array &lhs = in[0], &rhs = in[1];
  Array out(lhs.dtype(), ir::shape_of(getResult().getType()));
  Axes lhs_free = other_axes(lhs.shape().rank(), joined(getLhsBatch(), getLhsContract()));
  Axes rhs_free = other_axes(rhs.shape().rank(), joined(getRhsBatch(), getRhsContract()));
  std::vector<int64_t> contracted;
  for (int64_t axis : getLhsContract()) contracted.push_back(lhs.shape()[axis]);
  int64_t place = 0;
  with_number(lhs.dtype(), [&](auto tag) {
    using T = decltype(tag);
    each_index(out.shape(), [&](const auto& index) {
      std::vector<int64_t> l(lhs.shape().size()), r(rhs.shape().size());
      size_t at = 0;
      for (size_t i = 0; i < getLhsBatch().size(); ++i, ++at) l[getLhsBatch()[i]] = r[getRhsBatch()[i]] = index[at];
      for (int64_t axis : lhs_free) l[axis] = index[at++];
      for (int64_t axis : rhs_free) r[axis] = index[at++];
      auto sum = wrapping(T(0));
      each_index(Shape(contracted), [&](const auto& k) {
        for (size_t i = 0; i < k.size(); ++i) l[getLhsContract()[i]] = r[getRhsContract()[i]] = k[i];
        sum += wrapping(load<T>(lhs, flat(l, lhs.shape()))) * wrapping(load<T>(rhs, flat(r, rhs.shape())));
      });
      store(out, place++, static_cast<T>(sum));
    });
  });
  return {out};
}

}  // namespace hornbeam::horn
