#include "passes/memory/barriers.h"

#include "ir/kernel/hk.h"
#include "passes/lowering/entry.h"

namespace hornbeam::passes {
namespace {

// A stretch of bytes of one of the entry's buffers.
struct Stretch {
  mlir::Value base;
  int64_t begin, end;
};

Stretch stretch_of(mlir::Value buffer) {
  // A slice may be any part of its buffer.
  while (auto slice = buffer.getDefiningOp<hk::SliceOp>()) buffer = slice.getBuffer();
  auto type = llvm::cast<mlir::MemRefType>(buffer.getType());
  int64_t bytes = type.getNumElements() * llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  if (auto view = buffer.getDefiningOp<mlir::memref::ViewOp>()) {
    int64_t offset = mlir::getConstantIntValue(view.getByteShift()).value_or(0);
    return {view.getSource(), offset, offset + bytes};
  }
  return {buffer, 0, bytes};
}

// How an op touches memory. Shared: by all threads, each its part.
struct Use {
  Stretch stretch;
  bool write, shared;
};
using Uses = std::vector<Use>;

class Placer {
 public:
  // Goes through a block with what was used since the last barrier before it, and leaves what is after it.
  void visit(mlir::Block& block, Uses& pending) {
    for (mlir::Operation& op : llvm::make_early_inc_range(block)) {
      if (llvm::isa<hk::BarrierOp>(op)) {
        pending.clear();
      } else if (auto loop = llvm::dyn_cast<mlir::scf::ForOp>(op)) {
        // Twice: a turn comes after what was before the loop, and after the turn before.
        visit(*loop.getBody(), pending);
        visit(*loop.getBody(), pending);
      } else if (auto loop = llvm::dyn_cast<mlir::scf::WhileOp>(op)) {
        visit(*loop.getBeforeBody(), pending);
        Uses at_once = pending;
        for (int turn = 0; turn < 2; ++turn) {
          visit(*loop.getAfterBody(), pending);
          visit(*loop.getBeforeBody(), pending);
        }
        pending.insert(pending.end(), at_once.begin(), at_once.end());
      } else if (auto branch = llvm::dyn_cast<mlir::scf::IfOp>(op)) {
        Uses other = pending;
        visit(*branch.thenBlock(), pending);
        if (branch.elseBlock()) visit(*branch.elseBlock(), other);
        pending.insert(pending.end(), other.begin(), other.end());
      } else if (auto load = llvm::dyn_cast<mlir::memref::LoadOp>(op)) {  // what a loop or branch asks: all threads do
        use(op, {{stretch_of(load.getMemRef()), /*write=*/false, /*shared=*/true}}, pending);
      } else if (auto units = op.getAttrOfType<mlir::IntegerAttr>("units");
                 units && llvm::isa<mlir::MemoryEffectOpInterface>(op)) {
        use(op, uses_of(op, units.getInt() > 1), pending);
        if (units.getInt() <= 1) alone.insert(&op);
      }
    }
  }

  llvm::SetVector<mlir::Operation*> alone;  // what one thread does

 private:
  static Uses uses_of(mlir::Operation& op, bool shared) {
    llvm::SmallVector<mlir::MemoryEffects::EffectInstance> effects;
    llvm::cast<mlir::MemoryEffectOpInterface>(op).getEffects(effects);
    Uses uses;
    for (auto& effect : effects)
      uses.push_back(
          {stretch_of(effect.getValue()), llvm::isa<mlir::MemoryEffects::Write>(effect.getEffect()), shared});
    return uses;
  }

  static void use(mlir::Operation& op, Uses uses, Uses& pending) {
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
  }
};

}  // namespace

void place_barriers(mlir::Block& body, mlir::Value thread) {
  Placer placer;
  Uses pending;
  placer.visit(body, pending);
  auto location = body.getParentOp()->getLoc();
  mlir::OpBuilder b(body.getTerminator());
  hk::BarrierOp::create(b, location);
  for (mlir::Operation* op : placer.alone) {
    b.setInsertionPoint(op);
    mlir::Value zero = mlir::arith::ConstantIndexOp::create(b, location, 0);
    mlir::Value first = mlir::arith::CmpIOp::create(b, location, mlir::arith::CmpIPredicate::eq, thread, zero);
    auto guard = mlir::scf::IfOp::create(b, location, first, /*withElseRegion=*/false);
    op->moveBefore(guard.thenBlock()->getTerminator());
  }
}

namespace {

class PlaceBarriers : public mlir::PassWrapper<PlaceBarriers, mlir::OperationPass<mlir::func::FuncOp>> {
 public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(PlaceBarriers)
  llvm::StringRef getArgument() const final { return "hk-place-barriers"; }
  llvm::StringRef getDescription() const final {
    return "Make threads wait for each other where data cross between them";
  }
  void getDependentDialects(mlir::DialectRegistry& registry) const override {
    registry.insert<hk::HKDialect, mlir::arith::ArithDialect, mlir::scf::SCFDialect>();
  }
  void runOnOperation() override {
    mlir::func::FuncOp entry = getOperation();
    if (!is_entry(entry)) return;
    mlir::scf::ForOp loop = step_loop(entry);
    if (!loop) return entry.emitError("has no loop over steps"), signalPassFailure();
    int64_t threads = 1;
    loop.walk([&](mlir::Operation* op) {
      if (auto units = op->getAttrOfType<mlir::IntegerAttr>("units")) threads = std::max(threads, units.getInt());
    });
    entry->setAttr(kThreadsAttr, mlir::Builder(&getContext()).getI64IntegerAttr(threads));
    if (threads > 1) place_barriers(*loop.getBody(), tail_argument(entry, EntryTail::thread));
  }
};

}  // namespace

std::unique_ptr<mlir::Pass> create_place_barriers_pass() { return std::make_unique<PlaceBarriers>(); }

}  // namespace hornbeam::passes
