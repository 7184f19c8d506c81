// Emits the kernels, lowers, wraps, generates code and links.
#include "codegen/backend.h"

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

absl::StatusOr<std::string> compile(mlir::ModuleOp module, std::span<const passes::LoweredEntry> entries,
                                    const Target& target, const passes::StageObserver& observer) {
  if (absl::Status status = emit_kernels(module, target); !status.ok()) return status;
  if (observer) observer("kernel_functions", text_of(module));
  if (absl::Status status = lower_to_llvm(module); !status.ok()) return status;
  if (absl::Status status = add_entry_wrappers(module, entries); !status.ok()) return status;
  if (observer) observer("llvm_dialect", text_of(module));
  absl::StatusOr<std::vector<std::string>> objects = emit_objects(module, target, observer);
  if (!objects.ok()) return objects.status();
  return link_shared_object(*objects);
}

}  // namespace

absl::StatusOr<std::string> compile_kernels(mlir::ModuleOp module, std::span<const passes::LoweredEntry> entries,
                                            const Target& target, const passes::StageObserver& observer) {
  load_backend_dialects(*module.getContext());
  std::string diagnostics;
  mlir::ScopedDiagnosticHandler handler(module.getContext(), [&](mlir::Diagnostic& diagnostic) {
    if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error)
      absl::StrAppend(&diagnostics, diagnostics.empty() ? "" : "\n", diagnostic.str());
  });
  absl::StatusOr<std::string> image = compile(module, entries, target, observer);
  if (image.ok() || diagnostics.empty()) return image;
  return absl::Status(image.status().code(), absl::StrCat(image.status().message(), "\n", diagnostics));
}

}  // namespace hornbeam::codegen
