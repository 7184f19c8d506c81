// The pass horn-simplify: fewer and simpler ops with the same results.
#pragma once

#include <memory>

#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/IR/PatternMatch.h>
#include <mlir/Pass/Pass.h>

namespace hornbeam::passes {

// On a module: constants are folded (small ones), algebra that is exact in floating point is applied, moves of elements
// are merged, equal ops become one, dead ones go.
//   Before:  %1 = horn.transpose %0 {permutation = [1, 0]}    %2 = horn.transpose %1 {permutation = [1, 0]}
//   After:   %0
std::unique_ptr<mlir::Pass> create_simplify_pass();

// The pass's patterns by subject; each is declared here and stands in a file of its own.
void add_constant_patterns(mlir::RewritePatternSet& patterns);
void add_algebra_patterns(mlir::RewritePatternSet& patterns);
void add_shape_patterns(mlir::RewritePatternSet& patterns);
void add_broadcast_patterns(mlir::RewritePatternSet& patterns);
void add_dot_patterns(mlir::RewritePatternSet& patterns);
// Takes out of scans what they need not do or carry. True if anything was changed; then the patterns may find more.
bool simplify_loops(mlir::func::FuncOp function);
// Only where nothing is left to differentiate.
void add_stop_gradient_pattern(mlir::RewritePatternSet& patterns);

}  // namespace hornbeam::passes
