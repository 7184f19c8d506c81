// compile() from the kernels on, for tests and tools that write MLIR by hand. No MLIR type in sight.
#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <hornbeam/runtime/program.h>

#include "codegen/compiler.h"

namespace hornbeam::codegen {

struct TextEntry {
  runtime::Entry entry;  // its symbol is filled in
  std::string function;  // the func.func behind it
};

// Compiles the text of a module of the form that passes hands over (passes/pipelines.h), or of plain functions in the
// dialects arith, math, scf, memref and vector, to a Program without state.
absl::StatusOr<runtime::Program> compile_text(const std::string& mlir, std::vector<TextEntry> entries,
                                              const CompileOptions& options = {});

}  // namespace hornbeam::codegen
