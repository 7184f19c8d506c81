// Parses kernels from text and runs the back half of compile() on them.
#include "codegen/compile_text.h"

#include <absl/strings/str_cat.h>
#include <mlir/Parser/Parser.h>

#include "codegen/backend.h"
#include "codegen/cpu/entry_wrapper.h"
#include "codegen/cpu/lower_to_llvm.h"
#include "codegen/cpu/target.h"
#include "codegen/dump.h"
#include "ir/kernel/hk.h"

namespace hornbeam::codegen {
namespace {

absl::StatusOr<mlir::OwningOpRef<mlir::ModuleOp>> parse(const std::string& text, mlir::MLIRContext& context) {
  std::string diagnostics;
  mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic& diagnostic) {
    absl::StrAppend(&diagnostics, diagnostics.empty() ? "" : "\n", diagnostic.str());
  });
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  if (!module) return absl::InvalidArgumentError(absl::StrCat("This is no MLIR module: ", diagnostics));
  return module;
}

}  // namespace

absl::StatusOr<runtime::Program> compile_text(const std::string& mlir, std::vector<TextEntry> entries,
                                              const CompileOptions& options) {
  absl::StatusOr<Target> target = resolve_target(options.cpu, options.num_threads);
  if (!target.ok()) return target.status();
  absl::StatusOr<passes::StageObserver> observer = make_dumper(options.dump_dir);
  if (!observer.ok()) return observer.status();

  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  load_backend_dialects(context);
  context.loadDialect<hk::HKDialect>();
  auto module = parse(mlir, context);
  if (!module.ok()) return module.status();

  runtime::Program program;
  std::vector<passes::LoweredEntry> lowered;
  for (TextEntry& text : entries) {
    passes::LoweredEntry entry;
    entry.name = text.entry.name;
    entry.function = text.function;
    entry.inputs.resize(text.entry.inputs.size());
    entry.outputs.resize(text.entry.outputs.size());
    lowered.push_back(std::move(entry));
    text.entry.symbol = entry_symbol(text.entry.name);
    program.entries.push_back(std::move(text.entry));
  }
  absl::StatusOr<std::string> image = compile_kernels(**module, lowered, *target, *observer);
  if (!image.ok()) return image.status();
  program.target = target_string(*target);
  program.image = *std::move(image);
  return program;
}

}  // namespace hornbeam::codegen
