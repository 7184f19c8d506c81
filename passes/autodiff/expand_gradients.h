// The pass horn-expand-gradients: reverse-mode differentiation.
#pragma once

#include <memory>

#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Pass/Pass.h>

namespace hornbeam::passes {

// Expands every horn.gradient of the function, innermost first.
mlir::LogicalResult expand_gradients(mlir::func::FuncOp function);

// The same on a module's functions:
//   Before:  %y, %dw = horn.gradient wrt(%w) { … horn.yield %y }
//   After:   the region's ops, then for each in reverse its vjp, cotangents of a value with several uses added up
std::unique_ptr<mlir::Pass> create_expand_gradients_pass();

}  // namespace hornbeam::passes
