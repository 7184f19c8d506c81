// The last work on the whole module of a binary.
#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>
#include <llvm/IR/Module.h>

#include "codegen/compiler.h"

namespace hornbeam::codegen {

// The functions that a binary shows, with the prefix.
std::vector<std::string> exported_symbols(const BinaryOptions& options);

// Gives the support library's functions that users call the prefix, makes all else local, and drops what is not used.
absl::Status finish_module(llvm::Module& module, const BinaryOptions& options);

}  // namespace hornbeam::codegen
