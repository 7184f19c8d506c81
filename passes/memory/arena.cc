#include "passes/memory/arena.h"

#include "llvm/Support/MathExtras.h"

#include "passes/lowering/entry.h"

namespace hornbeam::passes {
namespace {

constexpr int64_t kAlignment = 64;

struct Buffer {
  mlir::memref::AllocOp op;
  int64_t bytes, first, last;  // its first and last use, as positions of ops
  int64_t offset = 0;
};

// Numbers the ops, those inside loops and branches too, and finds when each buffer is used. A buffer from outside a
// loop that is used inside lives as long as the loop; one from inside is written anew at every turn.
class Lifetimes {
 public:
  explicit Lifetimes(mlir::Block& body) {
    number(body);
    for (Buffer& buffer : buffers)
      for (mlir::Operation* user : buffer.op->getUsers()) {
        mlir::Operation* at = buffer.op->getBlock()->findAncestorOpInBlock(*user);
        auto [first, last] = stretch_.lookup(at);
        buffer.first = std::min(buffer.first, first);
        buffer.last = std::max(buffer.last, last);
      }
  }

  std::vector<Buffer> buffers;

 private:
  void number(mlir::Block& block) {
    for (mlir::Operation& op : block) {
      int64_t first = count_++;
      if (llvm::isa<mlir::scf::SCFDialect>(op.getDialect()))
        for (mlir::Region& region : op.getRegions())
          for (mlir::Block& inner : region) number(inner);
      stretch_[&op] = {first, count_ - 1};
      auto alloc = llvm::dyn_cast<mlir::memref::AllocOp>(op);
      if (!alloc) continue;
      mlir::MemRefType type = alloc.getType();
      int64_t bytes = type.getNumElements() * llvm::divideCeil(type.getElementTypeBitWidth(), 8);
      buffers.push_back(
          {alloc, static_cast<int64_t>(llvm::alignTo(std::max<int64_t>(bytes, 1), kAlignment)), INT64_MAX, -1});
    }
  }

  int64_t count_ = 0;
  llvm::DenseMap<mlir::Operation*, std::pair<int64_t, int64_t>> stretch_;
};

}  // namespace

int64_t plan_arena(mlir::Block& body, mlir::Value arena) {
  std::vector<Buffer> buffers = std::move(Lifetimes(body).buffers);
  // Largest first, each into the lowest gap that its neighbours in time leave.
  std::vector<Buffer*> order;
  for (Buffer& buffer : buffers) order.push_back(&buffer);
  llvm::stable_sort(order, [](const Buffer* a, const Buffer* b) { return a->bytes > b->bytes; });
  int64_t total = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    std::vector<std::pair<int64_t, int64_t>> busy;
    for (size_t j = 0; j < i; ++j)
      if (order[j]->first <= order[i]->last && order[i]->first <= order[j]->last)
        busy.push_back({order[j]->offset, order[j]->offset + order[j]->bytes});
    llvm::sort(busy);
    int64_t offset = 0;
    for (auto [begin, end] : busy) {
      if (offset + order[i]->bytes <= begin) break;
      offset = std::max(offset, end);
    }
    order[i]->offset = offset;
    total = std::max(total, offset + order[i]->bytes);
  }
  for (Buffer& buffer : buffers) {
    mlir::OpBuilder b(buffer.op);
    mlir::Value offset = mlir::arith::ConstantIndexOp::create(b, buffer.op.getLoc(), buffer.offset);
    mlir::Value view =
        mlir::memref::ViewOp::create(b, buffer.op.getLoc(), buffer.op.getType(), arena, offset, mlir::ValueRange{});
    buffer.op.replaceAllUsesWith(view);
    buffer.op.erase();
  }
  return total;
}

namespace {

class PlanArena : public mlir::PassWrapper<PlanArena, mlir::OperationPass<mlir::func::FuncOp>> {
 public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(PlanArena)
  llvm::StringRef getArgument() const final { return "hk-plan-arena"; }
  llvm::StringRef getDescription() const final { return "Place the temporaries of entries in one arena, by lifetime"; }
  void runOnOperation() override {
    mlir::func::FuncOp entry = getOperation();
    if (!is_entry(entry)) return;
    mlir::scf::ForOp loop = step_loop(entry);
    if (!loop) return entry.emitError("has no loop over steps"), signalPassFailure();
    mlir::Builder b(&getContext());
    int64_t bytes = plan_arena(*loop.getBody(), entry.getArgument(kArena));
    entry->setAttr(kArenaBytesAttr, b.getI64IntegerAttr(bytes));
    entry.getArgument(kArena).setType(mlir::MemRefType::get({std::max<int64_t>(bytes, 1)}, b.getI8Type()));
    entry.setFunctionType(b.getFunctionType(entry.front().getArgumentTypes(), {}));
  }
};

}  // namespace

std::unique_ptr<mlir::Pass> create_plan_arena_pass() { return std::make_unique<PlanArena>(); }

}  // namespace hornbeam::passes
