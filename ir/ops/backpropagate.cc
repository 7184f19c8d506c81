#include "ir/ops/backpropagate.h"

#include "ir/horn.h"
#include "ir/ops/make.h"

namespace hornbeam::horn {

using mlir::Operation;
using mlir::Value;

llvm::DenseSet<Value> dependents(llvm::ArrayRef<Operation*> ops, mlir::ValueRange wrt) {
  llvm::DenseSet<Value> depending(wrt.begin(), wrt.end());
  for (Operation* op : ops) {
    if (mlir::isa<StopGradientOp>(op)) continue;
    if (llvm::none_of(op->getOperands(), [&](Value operand) { return depending.contains(operand); })) continue;
    for (Value result : op->getResults())
      if (is_float(result)) depending.insert(result);
  }
  return depending;
}

void add_cotangent(mlir::OpBuilder& builder, mlir::Location loc, llvm::DenseMap<Value, Value>& cotangents, Value value,
                   Value cotangent) {
  Value& sum = cotangents[value];
  sum = sum ? Make{builder, loc}.add(sum, cotangent) : cotangent;
}

mlir::LogicalResult backpropagate(mlir::OpBuilder& builder, llvm::ArrayRef<Operation*> ops,
                                  const llvm::DenseSet<Value>& depending, llvm::DenseMap<Value, Value>& cotangents) {
  for (Operation* op : llvm::reverse(ops)) {
    llvm::SmallVector<Value> of_results;
    for (Value result : op->getResults()) of_results.push_back(cotangents.lookup(result));
    if (llvm::none_of(of_results, [](Value cotangent) { return !!cotangent; })) continue;
    Operation* without = nullptr;
    // What computes a derivative need not have one itself.
    auto is_backward = [&](Operation* inner) {
      auto custom = inner->getParentOfType<CustomGradientOp>();
      return custom && op->isAncestor(custom);
    };
    op->walk([&](Operation* inner) {
      if (inner != op && is_backward(inner)) return;
      if (inner == op ? !mlir::isa<DifferentiableOpInterface>(op) : mlir::isa<WhileOp>(inner)) without = inner;
    });
    if (without) return without->emitError("has no derivative");
    llvm::SmallVector<Value> grads;
    mlir::cast<DifferentiableOpInterface>(op).vjp(builder, of_results, grads);
    for (auto [operand, grad] : llvm::zip_equal(op->getOperands(), grads))
      if (grad && depending.contains(operand)) add_cotangent(builder, op->getLoc(), cotangents, operand, grad);
  }
  return mlir::success();
}

}  // namespace hornbeam::horn
