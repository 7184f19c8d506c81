// The back half of compile(): from hk ops or kernel functions to the bytes of a Program's image.
#pragma once

#include <span>
#include <memory>
#include <string>

#include <absl/status/statusor.h>
#include <hornbeam/base/target.h>
#include <llvm/IR/Module.h>
#include <mlir/IR/BuiltinOps.h>

#include "codegen/compiler.h"
#include "passes/pipelines.h"

namespace hornbeam::codegen {

// An ELF shared object with a HornbeamEntry called entry_symbol(name) for each entry. The module is used up. MLIR's
// diagnostics become part of an error's text. `sites`: see CompileOptions.
absl::StatusOr<std::string> compile_kernels(mlir::ModuleOp module, std::span<const passes::LoweredEntry> entries,
                                            const Target& target, const passes::StageObserver& observer = {},
                                            std::vector<KernelSite>* sites = nullptr);

// The same as far as LLVM IR, in `context`: for binaries that are linked otherwise.
absl::StatusOr<std::unique_ptr<llvm::Module>> kernels_to_llvm(mlir::ModuleOp module,
                                                              std::span<const passes::LoweredEntry> entries,
                                                              const Target& target, llvm::LLVMContext& context,
                                                              const passes::StageObserver& observer = {});

}  // namespace hornbeam::codegen
