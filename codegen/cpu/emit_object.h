// From the LLVM dialect to machine code.
#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <hornbeam/base/target.h>
#include <mlir/IR/BuiltinOps.h>

#include "passes/pipelines.h"

namespace hornbeam::codegen {

// Relocatable ELF objects, more than one if the module is large: their code is generated on up to target.threads cores
// at once. LLVM does little here: the code was scheduled and vectorized before.
absl::StatusOr<std::vector<std::string>> emit_objects(mlir::ModuleOp module, const Target& target,
                                                      const passes::StageObserver& observer = {});

}  // namespace hornbeam::codegen
