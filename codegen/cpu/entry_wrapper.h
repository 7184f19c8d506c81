// The C face of the entries: from one HornbeamCall to the arguments of the lowered functions.
#pragma once

#include <span>

#include <absl/status/status.h>
#include <mlir/IR/BuiltinOps.h>

#include "passes/pipelines.h"

namespace hornbeam::codegen {

// The symbol of an entry in the image.
std::string entry_symbol(const std::string& name);

// To a module in the LLVM dialect: adds a public wrapper for every entry, defines @hornbeam_barrier where it is declared,
// and makes all other functions internal.
absl::Status add_entry_wrappers(mlir::ModuleOp module, std::span<const passes::LoweredEntry> entries);

}  // namespace hornbeam::codegen
