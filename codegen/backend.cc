// Emits the kernels, lowers, wraps, generates code and links.
#include "codegen/backend.h"

#include <functional>

#include <absl/strings/str_cat.h>
#include <mlir/IR/Diagnostics.h>

#include "codegen/cpu/emit_object.h"
#include "codegen/cpu/entry_wrapper.h"
#include "codegen/cpu/kernels/kernels.h"
#include "codegen/cpu/link.h"
#include "codegen/cpu/lower_to_llvm.h"

namespace hornbeam::codegen {
namespace {

std::string text_of(mlir::ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  module.print(stream);
  return text;
}

// To the LLVM dialect, with the entries' wrappers.
absl::Status lower(mlir::ModuleOp module, std::span<const passes::LoweredEntry> entries, const Target& target,
                   const passes::StageObserver& observer, std::vector<KernelSite>* sites = nullptr) {
  load_backend_dialects(*module.getContext());
  if (absl::Status status = emit_kernels(module, target, sites); !status.ok()) return status;
  if (observer) observer("kernel_functions", text_of(module));
  if (absl::Status status = lower_to_llvm(module); !status.ok()) return status;
  if (absl::Status status = add_entry_wrappers(module, entries); !status.ok()) return status;
  if (observer) observer("llvm_dialect", text_of(module));
  return absl::OkStatus();
}

// Runs `work`; MLIR's diagnostics become part of its error.
template <class Result>
Result with_diagnostics(mlir::ModuleOp module, const std::function<Result()>& work) {
  std::string diagnostics;
  mlir::ScopedDiagnosticHandler handler(module.getContext(), [&](mlir::Diagnostic& diagnostic) {
    if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error)
      absl::StrAppend(&diagnostics, diagnostics.empty() ? "" : "\n", diagnostic.str());
  });
  Result result = work();
  if (result.ok() || diagnostics.empty()) return result;
  return absl::Status(result.status().code(), absl::StrCat(result.status().message(), "\n", diagnostics));
}

}  // namespace

absl::StatusOr<std::string> compile_kernels(mlir::ModuleOp module, std::span<const passes::LoweredEntry> entries,
                                            const Target& target, const passes::StageObserver& observer,
                                            std::vector<KernelSite>* sites) {
  return with_diagnostics<absl::StatusOr<std::string>>(module, [&]() -> absl::StatusOr<std::string> {
    if (absl::Status status = lower(module, entries, target, observer, sites); !status.ok()) return status;
    if (sites)
      for (KernelSite& site : *sites)
        for (const passes::LoweredEntry& entry : entries)
          if (site.entry == entry.function) site.entry = entry.name;
    absl::StatusOr<std::vector<std::string>> objects = emit_objects(module, target, observer);
    if (!objects.ok()) return objects.status();
    return link_shared_object(*objects);
  });
}

absl::StatusOr<std::unique_ptr<llvm::Module>> kernels_to_llvm(mlir::ModuleOp module,
                                                              std::span<const passes::LoweredEntry> entries,
                                                              const Target& target, llvm::LLVMContext& context,
                                                              const passes::StageObserver& observer) {
  using Result = absl::StatusOr<std::unique_ptr<llvm::Module>>;
  return with_diagnostics<Result>(module, [&]() -> Result {
    if (absl::Status status = lower(module, entries, target, observer); !status.ok()) return status;
    return to_llvm_ir(module, target, context);
  });
}

}  // namespace hornbeam::codegen
