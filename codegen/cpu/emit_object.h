// From the LLVM dialect to machine code.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <hornbeam/base/target.h>
#include <llvm/IR/Module.h>
#include <mlir/IR/BuiltinOps.h>

#include "passes/pipelines.h"

namespace hornbeam::codegen {

// The module as LLVM IR for the target, cleaned: the code was scheduled and vectorized before.
absl::StatusOr<std::unique_ptr<llvm::Module>> to_llvm_ir(mlir::ModuleOp module, const Target& target,
                                                         llvm::LLVMContext& context);

// Machine code of a module, which is used up: a relocatable object, or its text.
absl::StatusOr<std::string> generate_object(llvm::Module& module, const Target& target);
absl::StatusOr<std::string> generate_assembly(llvm::Module& module, const Target& target);

std::string text_of(const llvm::Module& module);

// Relocatable ELF objects, more than one if the module is large: their code is generated on up to target.threads cores
// at once.
absl::StatusOr<std::vector<std::string>> emit_objects(mlir::ModuleOp module, const Target& target,
                                                      const passes::StageObserver& observer = {});

}  // namespace hornbeam::codegen
