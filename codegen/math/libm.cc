// Calls of libm, element by element.
#include "codegen/math/libm.h"

#include <llvm/ADT/SmallVector.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

namespace hornbeam::codegen {
namespace {

using namespace mlir;

func::FuncOp declare(ModuleOp module, StringRef name, FunctionType type) {
  if (auto function = module.lookupSymbol<func::FuncOp>(name)) return function;
  auto builder = OpBuilder::atBlockBegin(module.getBody());
  auto function = func::FuncOp::create(builder, module.getLoc(), name, type);
  function.setPrivate();
  return function;
}

}  // namespace

Value call_libm(OpBuilder& builder, Location loc, ModuleOp module, StringRef function, ValueRange operands) {
  Type type = operands.front().getType();
  Type element = getElementTypeOrSelf(type);
  SmallVector<Type> inputs(operands.size(), element);
  std::string name = element.isF32() ? (function + "f").str() : function.str();
  func::FuncOp callee = declare(module, name, builder.getFunctionType(inputs, {element}));
  auto vector = dyn_cast<VectorType>(type);
  if (!vector) return func::CallOp::create(builder, loc, callee, operands).getResult(0);

  Value result = arith::ConstantOp::create(builder, loc, builder.getZeroAttr(vector));
  SmallVector<int64_t> position(vector.getRank(), 0);
  for (int64_t i = 0; i < vector.getNumElements(); ++i) {
    int64_t rest = i;
    for (int64_t axis = vector.getRank() - 1; axis >= 0; --axis) {
      position[axis] = rest % vector.getDimSize(axis);
      rest /= vector.getDimSize(axis);
    }
    SmallVector<Value> scalars;
    for (Value operand : operands) scalars.push_back(vector::ExtractOp::create(builder, loc, operand, position));
    Value scalar = func::CallOp::create(builder, loc, callee, scalars).getResult(0);
    result = vector::InsertOp::create(builder, loc, scalar, result, position);
  }
  return result;
}

}  // namespace hornbeam::codegen
