// The library that compiled models carry (support/), as our own build made it.
#pragma once

#include <memory>

#include <absl/status/statusor.h>
#include <llvm/IR/Module.h>
#include <llvm/TargetParser/Triple.h>

namespace hornbeam::codegen {

// The library for a target; with the program around it, for executables.
absl::StatusOr<std::unique_ptr<llvm::Module>> load_support(const llvm::Triple& triple, bool executable,
                                                           llvm::LLVMContext& context);

// The functions of support/float_math.h, or of support/double_math.h.
absl::StatusOr<std::unique_ptr<llvm::Module>> load_math(const llvm::Triple& triple, bool doubles,
                                                        llvm::LLVMContext& context);

}  // namespace hornbeam::codegen
