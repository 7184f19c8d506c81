// Transposes around a matrix product become part of it.
#include "passes/simplify/match.h"
#include "passes/simplify/simplify.h"

namespace hornbeam::passes {
namespace {

using namespace mlir;
using namespace match;
using horn::Make;
using List = SmallVector<int64_t>;

// One side of a dot, with the transpose that made it taken into its axes.
struct Side {
  Value value;
  List contract, batch;
};

// Batch axes first, and the contracted ones in order before or behind the free ones: what kernels can walk as it lies.
bool is_plain(const Side& side) {
  int64_t batch = static_cast<int64_t>(side.batch.size()), rank = horn::rank(side.value);
  if (!is_identity(side.batch) || side.contract.empty()) return false;
  for (size_t i = 1; i < side.contract.size(); ++i)
    if (side.contract[i] != side.contract[i - 1] + 1) return false;
  return side.contract.front() == batch || side.contract.back() == rank - 1;
}

// Nothing if the side is no transpose, or one that puts the axes in a better order.
std::optional<Side> without_transpose(Value side, ArrayRef<int64_t> contract, ArrayRef<int64_t> batch) {
  auto transpose = side.getDefiningOp<horn::TransposeOp>();
  if (!transpose) return std::nullopt;
  auto permutation = transpose.getPermutation();
  List used(contract), free;
  used.append(batch.begin(), batch.end());
  for (int64_t axis : horn::other_axes(horn::rank(side), used)) free.push_back(permutation[axis]);
  if (!llvm::is_sorted(free)) return std::nullopt;
  Side result{transpose.getX(), {}, {}};
  for (int64_t axis : contract) result.contract.push_back(permutation[axis]);
  for (int64_t axis : batch) result.batch.push_back(permutation[axis]);
  if (!is_plain(result)) return std::nullopt;
  return result;
}

Value dot(horn::DotOp op, const Make& m) {
  auto lhs = without_transpose(op.getLhs(), op.getLhsContract(), op.getLhsBatch());
  auto rhs = without_transpose(op.getRhs(), op.getRhsContract(), op.getRhsBatch());
  if (!lhs && !rhs) return {};
  if (!lhs) lhs = Side{op.getLhs(), List(op.getLhsContract()), List(op.getLhsBatch())};
  if (!rhs) rhs = Side{op.getRhs(), List(op.getRhsContract()), List(op.getRhsBatch())};
  return m.make<horn::DotOp>(lhs->value, rhs->value, lhs->contract, rhs->contract, lhs->batch, rhs->batch);
}

// A product's transpose that only exchanges the two sides' free axes is the product with its sides exchanged.
Value transpose(horn::TransposeOp op, const Make& m) {
  auto dot = op.getX().getDefiningOp<horn::DotOp>();
  if (!dot || !dot.getResult().hasOneUse()) return {};
  int64_t batch = static_cast<int64_t>(dot.getLhsBatch().size());
  int64_t lhs_free = horn::rank(dot.getLhs()) - batch - static_cast<int64_t>(dot.getLhsContract().size());
  List exchanged;
  for (int64_t i = 0; i < batch; ++i) exchanged.push_back(i);
  for (int64_t i = batch + lhs_free; i < horn::rank(dot.getResult()); ++i) exchanged.push_back(i);
  for (int64_t i = 0; i < lhs_free; ++i) exchanged.push_back(batch + i);
  if (ArrayRef<int64_t>(exchanged) != op.getPermutation()) return {};
  return m.make<horn::DotOp>(dot.getRhs(), dot.getLhs(), dot.getRhsContract(), dot.getLhsContract(), dot.getRhsBatch(),
                             dot.getLhsBatch());
}

}  // namespace

void add_dot_patterns(RewritePatternSet& patterns) {
  match::add_rule<horn::DotOp>(patterns, dot);
  match::add_rule<horn::TransposeOp>(patterns, transpose);
}

}  // namespace hornbeam::passes
