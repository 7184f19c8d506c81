// The float32 expansions. Each takes and returns a value of the emitter's type; their errors, measured against libm in
// double precision, are asserted in test/codegen/math_test.cc.
#pragma once

#include "codegen/math/emitter.h"

namespace hornbeam::codegen {

mlir::Value expand_exp(MathEmitter& e, mlir::Value x);
mlir::Value expand_expm1(MathEmitter& e, mlir::Value x);
mlir::Value expand_tanh(MathEmitter& e, mlir::Value x);
mlir::Value expand_log(MathEmitter& e, mlir::Value x);
mlir::Value expand_log1p(MathEmitter& e, mlir::Value x);
mlir::Value expand_erf(MathEmitter& e, mlir::Value x);
// For |x| <= kMostRadians; beyond it the caller takes libm.
mlir::Value expand_sin(MathEmitter& e, mlir::Value x);
mlir::Value expand_cos(MathEmitter& e, mlir::Value x);
mlir::Value expand_tan(MathEmitter& e, mlir::Value x);
inline constexpr float kMostRadians = 100000.0f;

}  // namespace hornbeam::codegen
