// remat and custom_gradient: regions that say how a gradient is to be computed. What a well-formed one is, their reference
// evaluation, and their derivatives.
#include <mlir/IR/IRMapping.h>

#include "ir/horn.h"
#include "ir/ops/backpropagate.h"
#include "ir/ops/make.h"
#include "ir/reference/evaluate_block.h"

namespace hornbeam::horn {

using namespace mlir;

namespace {

LogicalResult check_region(Operation* op, Block& body, TypeRange arguments, TypeRange yields) {
  if (!isa<YieldOp>(body.getTerminator())) return op->emitOpError("the region must end with horn.yield");
  if (body.getArgumentTypes() != arguments) return op->emitOpError("the region has other arguments than it is given");
  if (body.getTerminator()->getOperandTypes() != yields)
    return op->emitOpError("the region yields other types than it has to");
  return success();
}

SmallVector<Type> joined(TypeRange first, TypeRange second) {
  SmallVector<Type> types(first);
  llvm::append_range(types, second);
  return types;
}

// Copies the block's ops, with these values for its arguments, to where the builder stands. Returns what it yields.
SmallVector<Value> copy_ops(OpBuilder& builder, Block& block, ValueRange arguments,
                            SmallVectorImpl<Operation*>* ops = nullptr) {
  IRMapping map;
  for (auto [argument, value] : llvm::zip_equal(block.getArguments(), arguments)) map.map(argument, value);
  for (Operation& op : block.without_terminator()) {
    Operation* copy = builder.clone(op, map);
    if (ops) ops->push_back(copy);
  }
  SmallVector<Value> yields;
  for (Value value : block.getTerminator()->getOperands()) yields.push_back(map.lookupOrDefault(value));
  return yields;
}

}  // namespace

// ---- remat
LogicalResult RematOp::verifyRegions() {
  return check_region(*this, getBody().front(), getArgs().getTypes(), getOutputs().getTypes());
}

std::vector<Array> RematOp::evaluate(ArrayRef<Array> in) { return ir::evaluate_block(getBody().front(), in); }

void RematOp::vjp(OpBuilder& builder, ValueRange cotangents, SmallVectorImpl<Value>& grads) {
  SmallVector<Operation*> ops;
  SmallVector<Value> wrt;
  for (Value arg : getArgs())
    if (is_float(arg)) wrt.push_back(arg);
  SmallVector<Value> yields = copy_ops(builder, getBody().front(), getArgs(), &ops);
  // Marked, or they would be found equal to what was computed the first time, and that be kept for them.
  auto level = (*this)->getAttrOfType<IntegerAttr>(kRematAttr);
  for (Operation* op : ops) op->setAttr(kRematAttr, builder.getI64IntegerAttr(level ? level.getInt() + 1 : 1));
  llvm::DenseSet<Value> depending = dependents(ops, wrt);
  llvm::DenseMap<Value, Value> inner;
  for (auto [value, cotangent] : llvm::zip_equal(yields, cotangents))
    if (cotangent && depending.contains(value)) add_cotangent(builder, getLoc(), inner, value, cotangent);
  bool done = succeeded(backpropagate(builder, ops, depending, inner));
  // An operand that stands twice has the sum of its cotangents in one place.
  llvm::DenseSet<Value> given;
  for (Value arg : getArgs()) grads.push_back(done && given.insert(arg).second ? inner.lookup(arg) : Value());
}

// ---- custom_gradient
LogicalResult CustomGradientOp::verifyRegions() {
  if (getOutputs().getTypes() != getValues().getTypes())
    return emitOpError("the results must have the types of the values");
  for (Value input : getInputs())
    if (!is_float(input)) return emitOpError("only floats have a derivative. Received: ") << input.getType();
  return check_region(*this, getBackward().front(), joined(getValues().getTypes(), getInvariants().getTypes()),
                      getInputs().getTypes());
}

std::vector<Array> CustomGradientOp::evaluate(ArrayRef<Array> in) {
  ArrayRef<Array> values = in.take_front(getValues().size());
  return {values.begin(), values.end()};
}

void CustomGradientOp::vjp(OpBuilder& builder, ValueRange cotangents, SmallVectorImpl<Value>& grads) {
  SmallVector<Value> arguments;
  for (auto [value, cotangent] : llvm::zip_equal(getValues(), cotangents))
    arguments.push_back(cotangent ? cotangent : Make{builder, getLoc()}.zeros_like(value));
  llvm::append_range(arguments, getInvariants());
  grads.assign(getValues().size(), Value());
  grads.append(copy_ops(builder, getBackward().front(), arguments));
  grads.append(getInvariants().size(), Value());
}

}  // namespace hornbeam::horn
