// horn.gradient: what a well-formed one is.
#include "ir/horn.h"
#include "ir/ops/infer.h"

namespace hornbeam::horn {

mlir::LogicalResult GradientOp::verifyRegions() {
  auto yield = mlir::dyn_cast<YieldOp>(getBody().front().getTerminator());
  if (!yield) return emitOpError("the region must end with horn.yield");
  if (getBody().front().getNumArguments() != 0) return emitOpError("the region takes no arguments");
  if (yield.getValues().empty()) return emitOpError("the region must yield the value to differentiate");
  mlir::Value value = yield.getValues()[0];
  if (rank(value) != 0 || !is_float(value))
    return emitOpError("the value to differentiate must be a float scalar. Received: shape=") << text(value);
  for (mlir::Value wrt : getWrt())
    if (!is_float(wrt)) return emitOpError("only floats can be differentiated by. Received: ") << wrt.getType();
  llvm::SmallVector<mlir::Type> expected(yield.getValues().getTypes());
  expected.append(getWrt().getTypes().begin(), getWrt().getTypes().end());
  if (!llvm::equal(expected, getResultTypes()))
    return emitOpError("the results must be what the region yields, then one value of each wrt's type");
  return mlir::success();
}

}  // namespace hornbeam::horn
