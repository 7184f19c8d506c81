// Arithmetic on narrow floats, by way of float32.
#pragma once

#include <absl/status/status.h>
#include <mlir/IR/BuiltinOps.h>

namespace hornbeam::codegen {

// Ops on float16 and bfloat16 compute in float32 and round their result, as processors without narrow arithmetic would
// have it done by calls of a compiler's library. Loads, stores and casts stay as they are.
absl::Status widen_narrow_floats(mlir::ModuleOp module);

}  // namespace hornbeam::codegen
