#include "passes/memory/barriers.h"

#include "ir/kernel/hk.h"

namespace hornbeam::passes {
namespace {

// A stretch of bytes of one of the entry's buffers.
struct Stretch {
  mlir::Value base;
  int64_t begin, end;
};

Stretch stretch_of(mlir::Value buffer) {
  auto type = llvm::cast<mlir::MemRefType>(buffer.getType());
  int64_t bytes = type.getNumElements() * llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  if (auto view = buffer.getDefiningOp<mlir::memref::ViewOp>()) {
    int64_t offset = mlir::getConstantIntValue(view.getByteShift()).value_or(0);
    return {view.getSource(), offset, offset + bytes};
  }
  return {buffer, 0, bytes};
}

struct Use {
  Stretch stretch;
  bool write, shared;
};

}  // namespace

void place_barriers(mlir::Block& body, mlir::Value thread) {
  std::vector<Use> pending;  // since the last barrier
  auto location = body.getParentOp()->getLoc();
  llvm::SmallVector<mlir::Operation*> alone;
  for (mlir::Operation& op : llvm::make_early_inc_range(body)) {
    auto units = op.getAttrOfType<mlir::IntegerAttr>("units");
    if (!units || !llvm::isa<mlir::MemoryEffectOpInterface>(op)) continue;
    bool shared = units.getInt() > 1;
    llvm::SmallVector<mlir::MemoryEffects::EffectInstance> effects;
    llvm::cast<mlir::MemoryEffectOpInterface>(op).getEffects(effects);
    std::vector<Use> uses;
    for (auto& effect : effects)
      uses.push_back(
          {stretch_of(effect.getValue()), llvm::isa<mlir::MemoryEffects::Write>(effect.getEffect()), shared});
    auto clash = [&](const Use& now) {
      return llvm::any_of(pending, [&](const Use& then) {
        return (now.write || then.write) && (now.shared || then.shared) && now.stretch.base == then.stretch.base &&
               now.stretch.begin < then.stretch.end && then.stretch.begin < now.stretch.end;
      });
    };
    if (llvm::any_of(uses, clash)) {
      mlir::OpBuilder b(&op);
      hk::BarrierOp::create(b, op.getLoc());
      pending.clear();
    }
    pending.insert(pending.end(), uses.begin(), uses.end());
    if (!shared) alone.push_back(&op);
  }
  mlir::OpBuilder b(body.getTerminator());
  hk::BarrierOp::create(b, location);
  for (mlir::Operation* op : alone) {
    b.setInsertionPoint(op);
    mlir::Value zero = mlir::arith::ConstantIndexOp::create(b, location, 0);
    mlir::Value first = mlir::arith::CmpIOp::create(b, location, mlir::arith::CmpIPredicate::eq, thread, zero);
    auto guard = mlir::scf::IfOp::create(b, location, first, /*withElseRegion=*/false);
    op->moveBefore(guard.thenBlock()->getTerminator());
  }
}

}  // namespace hornbeam::passes
