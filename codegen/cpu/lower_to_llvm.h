// From the form that passes hands over (passes/pipelines.h) to the LLVM dialect.
#pragma once

#include <absl/status/status.h>
#include <mlir/IR/BuiltinOps.h>

namespace hornbeam::codegen {

// Loads the dialects that lower_to_llvm and translation make use of into the module's context.
void load_backend_dialects(mlir::MLIRContext& context);

// Converts every function of the module in place. Memrefs become bare pointers, index becomes i64, math ops become
// polynomials or, where there is none, calls of libm.
absl::Status lower_to_llvm(mlir::ModuleOp module);

}  // namespace hornbeam::codegen
