// Moves of elements that cancel, merge, or do nothing; reductions of what has one element, or one value.
#include <cmath>

#include "passes/simplify/match.h"
#include "passes/simplify/simplify.h"

namespace hornbeam::passes {
namespace {

using namespace mlir;
using namespace match;
using horn::dims;
using horn::Make;
using List = SmallVector<int64_t>;

// ---- reshape
Value reshape(horn::ReshapeOp op, const Make& m) {
  if (op.getX().getType() == op.getResult().getType()) return op.getX();
  if (auto inner = op.getX().getDefiningOp<horn::ReshapeOp>()) return m.reshape(inner.getX(), dims(op.getResult()));
  auto broadcast = op.getX().getDefiningOp<horn::BroadcastOp>();
  if (broadcast && horn::rank(broadcast.getX()) == 0) return m.broadcast(broadcast.getX(), dims(op.getResult()), {});
  return {};
}

// ---- transpose
Value transpose(horn::TransposeOp op, const Make& m) {
  auto permutation = op.getPermutation();
  if (is_identity(permutation)) return op.getX();
  if (auto inner = op.getX().getDefiningOp<horn::TransposeOp>()) {
    List both;
    for (int64_t axis : permutation) both.push_back(inner.getPermutation()[axis]);
    return m.transpose(inner.getX(), both);
  }
  // Of a broadcast whose operand's axes stay in order: another broadcast.
  if (auto broadcast = op.getX().getDefiningOp<horn::BroadcastOp>()) {
    List axes;
    for (int64_t axis : broadcast.getAxes()) axes.push_back(llvm::find(permutation, axis) - permutation.begin());
    if (llvm::is_sorted(axes)) return m.broadcast(broadcast.getX(), dims(op.getResult()), axes);
  }
  // Axes of size 1 that move among the others leave the elements' order alone.
  List moved;
  for (int64_t axis : permutation)
    if (dims(op.getX())[axis] != 1) moved.push_back(axis);
  if (llvm::is_sorted(moved)) return m.reshape(op.getX(), dims(op.getResult()));
  return {};
}

// ---- broadcast
Value broadcast(horn::BroadcastOp op, const Make& m) {
  if (op.getX().getType() == op.getResult().getType()) return op.getX();  // then axes can only be 0, 1, 2, …
  if (auto inner = op.getX().getDefiningOp<horn::BroadcastOp>()) {
    List axes;
    for (int64_t axis : inner.getAxes()) axes.push_back(op.getAxes()[axis]);
    return m.broadcast(inner.getX(), dims(op.getResult()), axes);
  }
  // Axes of size 1 need not be there: broadcast(reshape([n] → [1, n])) is a broadcast of [n].
  if (auto reshape = op.getX().getDefiningOp<horn::ReshapeOp>()) {
    List kept, axes;
    for (auto [size, axis] : llvm::zip_equal(dims(op.getX()), op.getAxes()))
      if (size != 1) kept.push_back(size), axes.push_back(axis);
    if (ArrayRef<int64_t>(kept) == dims(reshape.getX())) return m.broadcast(reshape.getX(), dims(op.getResult()), axes);
  }
  return {};
}

// ---- slice, pad, reverse, concat
Value slice(horn::SliceOp op, const Make& m) {
  if (op.getX().getType() == op.getResult().getType() && all_are(op.getStrides(), 1)) return op.getX();
  if (splat_of(op.getX())) {
    auto broadcast = op.getX().getDefiningOp<horn::BroadcastOp>();
    if (broadcast && horn::rank(broadcast.getX()) == 0) return m.broadcast(broadcast.getX(), dims(op.getResult()), {});
  }
  if (auto inner = op.getX().getDefiningOp<horn::SliceOp>()) {
    List start, limit, strides;
    for (size_t i = 0; i < op.getStart().size(); ++i) {
      int64_t first = inner.getStart()[i] + op.getStart()[i] * inner.getStrides()[i];
      int64_t stride = op.getStrides()[i] * inner.getStrides()[i], count = dims(op.getResult())[i];
      start.push_back(first);
      limit.push_back(count == 0 ? first : first + (count - 1) * stride + 1);
      strides.push_back(stride);
    }
    return m.make<horn::SliceOp>(inner.getX(), start, limit, strides);
  }
  // What a pad put round it is cut off again.
  if (auto pad = op.getX().getDefiningOp<horn::PadOp>(); pad && all_are(op.getStrides(), 1)) {
    bool same = pad.getX().getType() == op.getResult().getType() && op.getStart() == pad.getLow();
    if (same) return pad.getX();
  }
  return {};
}

Value pad(horn::PadOp op, const Make&) {
  return all_are(op.getLow(), 0) && all_are(op.getHigh(), 0) ? op.getX() : Value();
}

Value reverse(horn::ReverseOp op, const Make& m) {
  List axes;
  for (int64_t axis : op.getAxes())
    if (dims(op.getX())[axis] > 1) axes.push_back(axis);
  if (axes.empty()) return op.getX();
  if (axes.size() != op.getAxes().size()) return m.make<horn::ReverseOp>(op.getX(), axes);
  auto inner = op.getX().getDefiningOp<horn::ReverseOp>();
  return inner && inner.getAxes() == op.getAxes() ? inner.getX() : Value();
}

Value concat(horn::ConcatOp op, const Make& m) {
  if (op.getInputs().size() == 1) return op.getInputs()[0];
  SmallVector<Value> inputs;
  for (Value input : op.getInputs())
    if (horn::tensor(input).getNumElements() != 0) inputs.push_back(input);
  if (inputs.empty() || inputs.size() == op.getInputs().size()) return {};
  return m.make<horn::ConcatOp>(inputs, op.getAxis());
}

// ---- reductions
template <typename Op>
Value reduce(Op op, const Make& m) {
  Value x = op.getX();
  List sizes;
  for (int64_t axis : op.getAxes()) sizes.push_back(dims(x)[axis]);
  if (all_are(sizes, 1)) return m.reshape(x, dims(op.getResult()));
  if (horn::tensor(x).getNumElements() == 0) return {};
  int64_t count = 1;
  for (int64_t size : sizes) count *= size;
  auto number = splat_number(x);
  if (!number) return {};
  if constexpr (llvm::is_one_of<Op, horn::ReduceMaxOp, horn::ReduceMinOp>::value)
    return m.full(dims(op.getResult()), horn::element(x), *number);
  if constexpr (std::is_same_v<Op, horn::ReduceSumOp>) {
    // Every partial sum of a small whole number is exact, in whatever order a kernel adds.
    double sum = *number * static_cast<double>(count);
    double exact = horn::element(x).isF32()   ? 0x1p24
                   : horn::element(x).isF64() ? 0x1p53
                   : horn::element(x).isF16() ? 0x1p11
                                              : 0;
    if (std::trunc(*number) == *number && std::abs(sum) <= exact)
      return m.full(dims(op.getResult()), horn::element(x), sum);
  }
  return {};
}

}  // namespace

void add_shape_patterns(RewritePatternSet& patterns) {
  match::add_rule<horn::ReshapeOp>(patterns, reshape);
  match::add_rule<horn::TransposeOp>(patterns, transpose);
  match::add_rule<horn::BroadcastOp>(patterns, broadcast);
  match::add_rule<horn::SliceOp>(patterns, slice);
  match::add_rule<horn::PadOp>(patterns, pad);
  match::add_rule<horn::ReverseOp>(patterns, reverse);
  match::add_rule<horn::ConcatOp>(patterns, concat);
  match::add_rule<horn::ReduceSumOp>(patterns, reduce<horn::ReduceSumOp>);
  match::add_rule<horn::ReduceMaxOp>(patterns, reduce<horn::ReduceMaxOp>);
  match::add_rule<horn::ReduceMinOp>(patterns, reduce<horn::ReduceMinOp>);
  match::add_rule<horn::ReduceProdOp>(patterns, reduce<horn::ReduceProdOp>);
}

}  // namespace hornbeam::passes
