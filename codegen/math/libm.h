// Calls of libm, element by element: the last resort for functions without an expansion.
#pragma once

#include <llvm/ADT/StringRef.h>
#include <mlir/IR/Builders.h>
#include <mlir/IR/BuiltinOps.h>

namespace hornbeam::codegen {

// `function` is the name for double; operands are floats or doubles, or vectors of them, all of one type.
mlir::Value call_libm(mlir::OpBuilder& builder, mlir::Location loc, mlir::ModuleOp module, llvm::StringRef function,
                      mlir::ValueRange operands);

}  // namespace hornbeam::codegen
