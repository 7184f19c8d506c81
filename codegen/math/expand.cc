// Walks over the math ops and chooses for each: an expansion, libm, or float32 in between for narrow floats.
#include "codegen/math/expand.h"

#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringSwitch.h>
#include <mlir/Dialect/SCF/IR/SCF.h>

#include "codegen/math/functions.h"
#include "codegen/math/libm.h"

namespace hornbeam::codegen {
namespace {

using namespace mlir;

using Expansion = Value (*)(MathEmitter&, Value);

struct Function {
  Expansion expansion = nullptr;  // for float32
  const char* libm = nullptr;     // the name for double
  bool radians = false;           // the expansion holds up to kMostRadians only
};

// Empty for ops that LLVM lowers to instructions.
Function function_of(StringRef op) {
  return llvm::StringSwitch<Function>(op)
      .Case("math.exp", {expand_exp, "exp"})
      .Case("math.expm1", {expand_expm1, "expm1"})
      .Case("math.log", {expand_log, "log"})
      .Case("math.log1p", {expand_log1p, "log1p"})
      .Case("math.tanh", {expand_tanh, "tanh"})
      .Case("math.erf", {expand_erf, "erf"})
      .Case("math.sin", {expand_sin, "sin", true})
      .Case("math.cos", {expand_cos, "cos", true})
      .Case("math.tan", {expand_tan, "tan", true})
      .Case("math.acos", {nullptr, "acos"})
      .Case("math.acosh", {nullptr, "acosh"})
      .Case("math.asin", {nullptr, "asin"})
      .Case("math.asinh", {nullptr, "asinh"})
      .Case("math.atan", {nullptr, "atan"})
      .Case("math.atan2", {nullptr, "atan2"})
      .Case("math.atanh", {nullptr, "atanh"})
      .Case("math.cbrt", {nullptr, "cbrt"})
      .Case("math.cosh", {nullptr, "cosh"})
      .Case("math.erfc", {nullptr, "erfc"})
      .Case("math.exp2", {nullptr, "exp2"})
      .Case("math.log10", {nullptr, "log10"})
      .Case("math.log2", {nullptr, "log2"})
      .Case("math.powf", {nullptr, "pow"})
      .Case("math.round", {nullptr, "round"})
      .Case("math.sinh", {nullptr, "sinh"})
      .Default({});
}

bool lowers_to_instructions(Operation* op) {
  return isa<math::AbsFOp, math::AbsIOp, math::CeilOp, math::CopySignOp, math::CountLeadingZerosOp,
             math::CountTrailingZerosOp, math::CtPopOp, math::FloorOp, math::FmaOp, math::IsFiniteOp, math::IsInfOp,
             math::IsNaNOp, math::IsNormalOp, math::RoundEvenOp, math::SqrtOp, math::TruncOp>(op);
}

bool is_narrow(Type type) {
  Type element = getElementTypeOrSelf(type);
  return element.isF16() || element.isBF16();
}

// No processor that Hornbeam knows has these for narrow floats.
bool wants_float32(Operation* op) {
  return isa<math::CeilOp, math::FloorOp, math::FmaOp, math::RoundEvenOp, math::SqrtOp, math::TruncOp>(op) &&
         is_narrow(op->getResult(0).getType());
}

Type with_element(Type type, Type element) {
  auto vector = dyn_cast<VectorType>(type);
  return vector ? vector.clone(element) : element;
}

// True when any element is beyond kMostRadians.
Value beyond_range(MathEmitter& e, Value x) {
  Value beyond = e.greater(e.abs(x), e.constant(kMostRadians));
  auto vector = dyn_cast<VectorType>(beyond.getType());
  if (!vector) return beyond;
  if (vector.getRank() != 1) {
    auto flat = VectorType::get({vector.getNumElements()}, vector.getElementType());
    beyond = vector::ShapeCastOp::create(e.builder(), e.loc(), flat, beyond);
  }
  return vector::ReductionOp::create(e.builder(), e.loc(), vector::CombiningKind::OR, beyond);
}

Value expand_radians(MathEmitter& e, ModuleOp module, const Function& function, Value x) {
  OpBuilder& b = e.builder();
  auto branch = scf::IfOp::create(b, e.loc(), x.getType(), beyond_range(e, x), /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, e.loc(), call_libm(b, e.loc(), module, function.libm, x));
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, e.loc(), function.expansion(e, x));
  return branch.getResult(0);
}

Value expand_float32(OpBuilder& b, Location loc, ModuleOp module, const Function& function, ValueRange operands) {
  MathEmitter e(b, loc, operands.front());
  if (!function.expansion) return call_libm(b, loc, module, function.libm, operands);
  if (function.radians) return expand_radians(e, module, function, operands.front());
  return function.expansion(e, operands.front());
}

Value one_over_sqrt(OpBuilder& b, Location loc, Value x) {
  TypedAttr one = b.getFloatAttr(getElementTypeOrSelf(x.getType()), 1.0);
  if (auto vector = dyn_cast<VectorType>(x.getType())) one = DenseElementsAttr::get(vector, Attribute(one));
  return arith::DivFOp::create(b, loc, arith::ConstantOp::create(b, loc, one), math::SqrtOp::create(b, loc, x));
}

absl::Status expand(Operation* op, ModuleOp module) {
  OpBuilder b(op);
  Location loc = op->getLoc();
  SmallVector<Value> operands(op->getOperands());
  Type type = op->getResult(0).getType();
  Type element = getElementTypeOrSelf(type);
  Function function = function_of(op->getName().getStringRef());
  bool is_rsqrt = isa<math::RsqrtOp>(op);
  bool as_it_is = lowers_to_instructions(op);
  if ((!function.libm && !is_rsqrt && !as_it_is) || !isa<FloatType>(element) || op->getNumResults() != 1)
    return absl::UnimplementedError("There is no code for the op " + op->getName().getStringRef().str() + ".");

  bool narrow = is_narrow(type);
  Type wide = with_element(type, b.getF32Type());
  if (narrow)
    for (Value& operand : operands) operand = arith::ExtFOp::create(b, loc, wide, operand);
  Value result;
  if (as_it_is)
    result = b.create(OperationState(loc, op->getName(), operands, wide, op->getAttrs()))->getResult(0);
  else if (is_rsqrt)
    result = one_over_sqrt(b, loc, operands.front());
  else if (element.isF64())
    result = call_libm(b, loc, module, function.libm, operands);
  else
    result = expand_float32(b, loc, module, function, operands);
  if (narrow) result = arith::TruncFOp::create(b, loc, type, result);
  op->getResult(0).replaceAllUsesWith(result);
  op->erase();
  return absl::OkStatus();
}

}  // namespace

absl::Status expand_math(ModuleOp module) {
  SmallVector<Operation*> ops;
  module.walk([&](Operation* op) {
    if (isa_and_nonnull<math::MathDialect>(op->getDialect()) && (!lowers_to_instructions(op) || wants_float32(op))) ops.push_back(op);
  });
  for (Operation* op : ops)
    if (absl::Status status = expand(op, module); !status.ok()) return status;
  return absl::OkStatus();
}

}  // namespace hornbeam::codegen
