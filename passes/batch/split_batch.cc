// The pass horn-split-batch. A job that updates no state and in which every row of the batch goes its own way computes the
// same for few rows at a time. It is then made for a part of the batch, and the step loop takes as many turns more: a
// layer's activations are still in the cache when the next layer reads them, where those of the whole batch would have
// gone to memory.
#include "passes/batch/split_batch.h"

#include <mlir/Dialect/Func/IR/FuncOps.h>

#include "ir/horn.h"
#include "ir/pch.h"
#include "passes/batch/rows.h"
#include "passes/lowering/entry.h"

namespace hornbeam::passes {
namespace {

// What one core may count on of the cache that all share, which no system call tells reliably.
constexpr int64_t kSharedCacheBytes = 16 << 20;
// Bytes from the shared cache and from memory cost this many times as much as each other (94 and 22 GB/s were measured).
constexpr int64_t kSharedCost = 1, kMemoryCost = 4;
// The bytes that the kernels of a job move: of activations, for a row of the batch, and of weights.
struct Traffic {
  llvm::SmallVector<int64_t> per_row;
  int64_t weights = 0;

  // Of a row of the batch, when it goes in parts of `rows`.
  int64_t cost(int64_t rows, const Target& target) const {
    auto moved = [&](int64_t bytes, int64_t together) {
      return together <= target.l2_bytes ? 0 : bytes * (together <= kSharedCacheBytes ? kSharedCost : kMemoryCost);
    };
    int64_t sum = moved(weights / rows, weights);
    for (int64_t bytes : per_row) sum += moved(bytes, bytes * rows);
    return sum;
  }
};

int64_t bytes_of(mlir::Value value) {
  auto type = llvm::cast<mlir::RankedTensorType>(value.getType());
  return type.getNumElements() * static_cast<int64_t>(llvm::divideCeil(type.getElementTypeBitWidth(), 8));
}

Traffic traffic_of(mlir::func::FuncOp job, const Rows& rows) {
  Traffic traffic;
  for (mlir::Operation& op : job.front()) {
    // Other ops become part of these kernels.
    if (!llvm::isa<horn::DotOp, horn::ConvOp, horn::ConvBackwardDataOp, horn::MaxPoolOp, horn::AvgPoolOp>(op)) continue;
    if (!rows.of(op.getResult(0))) continue;
    int64_t& per_row = traffic.per_row.emplace_back(bytes_of(op.getResult(0)) / rows.batch());
    for (mlir::Value operand : op.getOperands()) {
      if (rows.of(operand))
        per_row += bytes_of(operand) / rows.batch();
      else
        traffic.weights += bytes_of(operand);
    }
  }
  return traffic;
}

// The divisor of the batch that moves least. Fewer turns if that makes no difference to speak of.
int64_t rows_of_a_part(const Traffic& traffic, int64_t batch, const Target& target) {
  int64_t best = batch, least = traffic.cost(batch, target);
  for (int64_t rows = batch - 1; rows > 0; --rows) {
    if (batch % rows) continue;
    int64_t cost = traffic.cost(rows, target);
    if (cost < least - least / 8) best = rows, least = cost;
  }
  return best;
}

class SplitBatch : public mlir::PassWrapper<SplitBatch, mlir::OperationPass<mlir::func::FuncOp>> {
 public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(SplitBatch)
  SplitBatch() = default;
  explicit SplitBatch(const Target& target) : target_(target) {}
  SplitBatch(const SplitBatch& other) : PassWrapper(other), target_(other.target_) {}

  llvm::StringRef getArgument() const final { return "horn-split-batch"; }
  llvm::StringRef getDescription() const final { return "Make a job for parts of the batch that stay in the caches"; }

  void runOnOperation() override {
    std::optional<Rows> rows = Rows::find(getOperation());
    if (!rows) return;
    const int64_t batch = rows->batch();
    int64_t part = rows_ > 0 ? rows_ : rows_of_a_part(traffic_of(getOperation(), *rows), batch, target_);
    if (part >= batch || batch % part) return;
    rows->shrink(part);
    mlir::Builder b(&getContext());
    getOperation()->setAttr(kPartsAttr, b.getI64IntegerAttr(batch / part));
  }

 private:
  Target target_;
  Option<int> rows_{*this, "rows", llvm::cl::desc("of a part; 0: as many as the caches suggest"), llvm::cl::init(0)};
};

}  // namespace

std::unique_ptr<mlir::Pass> create_split_batch_pass(const Target& target) {
  return std::make_unique<SplitBatch>(target);
}
std::unique_ptr<mlir::Pass> create_split_batch_pass() { return std::make_unique<SplitBatch>(); }

}  // namespace hornbeam::passes
