// Replaces math ops that no instruction computes.
#pragma once

#include <absl/status/status.h>
#include <mlir/IR/BuiltinOps.h>

namespace hornbeam::codegen {

// float32 exp, expm1, log, log1p, sin, cos, tan, tanh, erf, rsqrt (scalars and vectors) become arithmetic; float16 and
// bfloat16 go through float32. Other functions, and float64, become calls of libm, element by element.
absl::Status expand_math(mlir::ModuleOp module);

}  // namespace hornbeam::codegen
