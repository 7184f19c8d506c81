#include "passes/memory/arena.h"

#include "llvm/Support/MathExtras.h"

namespace hornbeam::passes {
namespace {

constexpr int64_t kAlignment = 64;

struct Buffer {
  mlir::memref::AllocOp op;
  int64_t bytes, first, last;  // its first and last use, as positions of ops
  int64_t offset = 0;
};

// Numbers the ops, those inside loops and branches too, and finds when each buffer is used. A buffer from outside a loop
// that is used inside lives as long as the loop; one from inside is written anew at every turn.
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

}  // namespace hornbeam::passes
