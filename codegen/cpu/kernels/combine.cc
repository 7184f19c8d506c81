#include "codegen/cpu/kernels/combine.h"

namespace hornbeam::codegen {

namespace arith = mlir::arith;

mlir::Attribute neutral_element(llvm::StringRef kind, mlir::Type element) {
  if (auto type = llvm::dyn_cast<mlir::FloatType>(element)) {
    const llvm::fltSemantics& semantics = type.getFloatSemantics();
    if (kind == "sum") return mlir::FloatAttr::get(type, 0.0);
    if (kind == "prod") return mlir::FloatAttr::get(type, 1.0);
    return mlir::FloatAttr::get(type, llvm::APFloat::getInf(semantics, /*Negative=*/kind == "max"));
  }
  unsigned bits = element.getIntOrFloatBitWidth();
  llvm::APInt value(bits, 0);
  if (kind == "prod") value = llvm::APInt(bits, 1);
  if (kind == "max") value = llvm::APInt::getSignedMinValue(bits);
  if (kind == "min") value = llvm::APInt::getSignedMaxValue(bits);
  if (kind == "umin") value = llvm::APInt::getMaxValue(bits);
  return mlir::IntegerAttr::get(element, value);
}

mlir::Value combine(Emitter& e, llvm::StringRef kind, mlir::Value a, mlir::Value b) {
  bool is_float = llvm::isa<mlir::FloatType>(mlir::getElementTypeOrSelf(a.getType()));
  if (kind == "sum")
    return is_float ? mlir::Value(arith::AddFOp::create(e.b, e.loc, a, b))
                    : mlir::Value(arith::AddIOp::create(e.b, e.loc, a, b));
  if (kind == "prod")
    return is_float ? mlir::Value(arith::MulFOp::create(e.b, e.loc, a, b))
                    : mlir::Value(arith::MulIOp::create(e.b, e.loc, a, b));
  if (kind == "umax") return arith::MaxUIOp::create(e.b, e.loc, a, b);
  if (kind == "umin") return arith::MinUIOp::create(e.b, e.loc, a, b);
  if (kind == "max")
    return is_float ? mlir::Value(arith::MaximumFOp::create(e.b, e.loc, a, b))
                    : mlir::Value(arith::MaxSIOp::create(e.b, e.loc, a, b));
  return is_float ? mlir::Value(arith::MinimumFOp::create(e.b, e.loc, a, b))
                  : mlir::Value(arith::MinSIOp::create(e.b, e.loc, a, b));
}

// Halving by shuffles: the order of the additions is written down here, not left to a target.
mlir::Value fold(Emitter& e, llvm::StringRef kind, mlir::Value vector) {
  int64_t lanes = llvm::cast<mlir::VectorType>(vector.getType()).getNumElements();
  while (lanes > 1) {
    lanes /= 2;
    llvm::SmallVector<int64_t> low, high;
    for (int64_t i = 0; i < lanes; ++i) low.push_back(i), high.push_back(i + lanes);
    mlir::Value a = mlir::vector::ShuffleOp::create(e.b, e.loc, vector, vector, low);
    mlir::Value b = mlir::vector::ShuffleOp::create(e.b, e.loc, vector, vector, high);
    vector = combine(e, kind, a, b);
  }
  return mlir::vector::ExtractOp::create(e.b, e.loc, vector, 0);
}

}  // namespace hornbeam::codegen
