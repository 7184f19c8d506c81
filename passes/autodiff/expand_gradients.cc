// The pass horn-expand-gradients: reverse-mode differentiation over the ops' own vjps.
#include "passes/autodiff/expand_gradients.h"

#include "ir/create_op.h"
#include "ir/horn.h"
#include "ir/module_impl.h"
#include "ir/ops/backpropagate.h"
#include "ir/ops/make.h"
#include "ir/source.h"
#include "passes/autodiff/autodiff.h"

namespace hornbeam::passes {
namespace {

using mlir::Operation;
using mlir::Value;

// A vjp gives a gradient for each operand; what came of those that nobody asked for goes.
void erase_unused(Operation* last_before, Operation* end) {
  Operation* op = end->getPrevNode();
  while (op != last_before) {
    Operation* previous = op->getPrevNode();
    if (mlir::isOpTriviallyDead(op)) op->erase();
    op = previous;
  }
}

mlir::LogicalResult expand(horn::GradientOp gradient) {
  mlir::OpBuilder builder(gradient);
  horn::Make m{builder, gradient.getLoc()};

  // The region's ops come out, in front of the gradient op; so do the derivatives, behind them. The yield stays where it
  // is and holds the outputs: the gradient of a loop puts a loop that saves more in the place of the first.
  mlir::Block& body = gradient.getBody().front();
  auto yield = mlir::cast<horn::YieldOp>(body.getTerminator());
  llvm::SmallVector<Operation*> ops;
  for (Operation& op : llvm::make_early_inc_range(body.without_terminator())) {
    op.moveBefore(gradient);
    ops.push_back(&op);
  }
  Operation* last_before = gradient->getPrevNode();

  llvm::SmallVector<Value> wrt(gradient.getWrt());
  llvm::DenseSet<Value> depending = horn::dependents(ops, wrt);
  llvm::DenseMap<Value, Value> cotangents;
  Value value = yield.getValues()[0];
  if (depending.contains(value)) cotangents[value] = m.scalar(horn::element(value), 1);
  if (failed(horn::backpropagate(builder, ops, depending, cotangents))) return mlir::failure();
  llvm::SmallVector<Value> outputs(yield.getValues());
  for (Value x : wrt) {
    Value grad = cotangents.lookup(x);
    outputs.push_back(grad ? grad : m.zeros_like(x));
  }
  for (Operation* op = last_before ? last_before->getNextNode() : &gradient->getBlock()->front(); op != gradient;
       op = op->getNextNode())
    op->walk([](Operation* inner) { inner->setLoc(ir::gradient_of(inner->getLoc())); });
  gradient.replaceAllUsesWith(outputs);
  erase_unused(last_before, gradient);
  gradient.erase();
  for (Operation* op : llvm::reverse(ops))
    if (mlir::isa<horn::ScanOp>(op) && mlir::isOpTriviallyDead(op)) op->erase();
  return mlir::success();
}

class ExpandGradients : public mlir::PassWrapper<ExpandGradients, mlir::OperationPass<mlir::ModuleOp>> {
 public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ExpandGradients)
  llvm::StringRef getArgument() const final { return "horn-expand-gradients"; }
  llvm::StringRef getDescription() const final { return "Write horn.gradient out as the derivatives' ops"; }
  void runOnOperation() override {
    for (auto function : getOperation().getOps<mlir::func::FuncOp>())
      if (failed(expand_gradients(function))) return signalPassFailure();
  }
};

}  // namespace

mlir::LogicalResult expand_gradients(mlir::func::FuncOp function) {
  llvm::SmallVector<horn::GradientOp> innermost_first;
  function.walk([&](horn::GradientOp op) { innermost_first.push_back(op); });  // post-order
  for (horn::GradientOp op : innermost_first)
    if (failed(expand(op))) return mlir::failure();
  return mlir::success();
}

std::unique_ptr<mlir::Pass> create_expand_gradients_pass() { return std::make_unique<ExpandGradients>(); }

absl::Status expand_gradients(ir::Module& module) {
  ir::ErrorText errors(module.impl().context.get());
  for (auto function : module.impl().module->getOps<mlir::func::FuncOp>())
    if (failed(expand_gradients(function))) return errors.status();
  return absl::OkStatus();
}

}  // namespace hornbeam::passes
