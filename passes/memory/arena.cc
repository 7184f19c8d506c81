#include "passes/memory/arena.h"

#include "llvm/Support/MathExtras.h"

namespace hornbeam::passes {
namespace {

constexpr int64_t kAlignment = 64;

struct Buffer {
  mlir::memref::AllocOp op;
  int64_t bytes, first, last;  // its first and last use, as positions of ops in the block
  int64_t offset = 0;
};

}  // namespace

int64_t plan_arena(mlir::Block& body, mlir::Value arena) {
  llvm::DenseMap<mlir::Operation*, int64_t> position;
  int64_t count = 0;
  std::vector<Buffer> buffers;
  for (mlir::Operation& op : body) {
    position[&op] = count++;
    if (auto alloc = llvm::dyn_cast<mlir::memref::AllocOp>(op)) {
      mlir::MemRefType type = alloc.getType();
      int64_t bytes = type.getNumElements() * llvm::divideCeil(type.getElementTypeBitWidth(), 8);
      buffers.push_back(
          {alloc, static_cast<int64_t>(llvm::alignTo(std::max<int64_t>(bytes, 1), kAlignment)), INT64_MAX, -1});
    }
  }
  for (Buffer& buffer : buffers)
    for (mlir::Operation* user : buffer.op->getUsers()) {
      int64_t at = position.lookup(body.findAncestorOpInBlock(*user));
      buffer.first = std::min(buffer.first, at);
      buffer.last = std::max(buffer.last, at);
    }
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
