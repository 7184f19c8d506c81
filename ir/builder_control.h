// What the builder's loops and branches need: bodies without values from outside.
#pragma once

#include <llvm/ADT/SetVector.h>
#include <mlir/IR/Block.h>

namespace hornbeam::ir {

// Makes the bodies see nothing from outside: constants are copied in, other values become new arguments, at the end, of
// all the bodies. Returns these values in the order of the arguments.
llvm::SmallVector<mlir::Value> isolate(llvm::ArrayRef<mlir::Block*> bodies);

}  // namespace hornbeam::ir
