// From the LLVM dialect to machine code.
#pragma once

#include <string>

#include <absl/status/statusor.h>
#include <hornbeam/base/target.h>
#include <mlir/IR/BuiltinOps.h>

#include "passes/pipelines.h"

namespace hornbeam::codegen {

// A relocatable ELF object. LLVM does little here: the code was scheduled and vectorized before.
absl::StatusOr<std::string> emit_object(mlir::ModuleOp module, const Target& target,
                                        const passes::StageObserver& observer = {});

}  // namespace hornbeam::codegen
