// What a profile says of one call of a kernel: where its ops come from, and what it computes and moves.
#pragma once

#include <mlir/IR/Operation.h>

#include "codegen/compiler.h"

namespace hornbeam::codegen {

// Of an hk op that a call of the function `kernel` takes the place of.
KernelSite describe_site(mlir::Operation* op, llvm::StringRef kernel);

}  // namespace hornbeam::codegen
