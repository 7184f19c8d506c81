// Reverse-mode differentiation of a list of ops: what the expansion of horn.gradient and the gradients of loops share.
#pragma once

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/DenseSet.h>
#include <mlir/IR/Builders.h>

namespace hornbeam::horn {

// On ops that a remat's gradient computes again (and on those of the remat itself, once it is written out): an integer, how
// often they were computed before. Ops with different numbers are not merged.
inline constexpr llvm::StringLiteral kRematAttr = "horn.remat";

// The values that depend on `wrt` by a path of floats through `ops`, `wrt` included: only they get cotangents.
llvm::DenseSet<mlir::Value> dependents(llvm::ArrayRef<mlir::Operation*> ops, mlir::ValueRange wrt);

// Adds a cotangent to those that a value has already.
void add_cotangent(mlir::OpBuilder& builder, mlir::Location loc, llvm::DenseMap<mlir::Value, mlir::Value>& cotangents,
                   mlir::Value value, mlir::Value cotangent);

// Walks `ops` backwards from the values in `cotangents`, and adds to it the cotangents of what they were made from.
// Fails, with an error on the op, where one has no derivative.
mlir::LogicalResult backpropagate(mlir::OpBuilder& builder, llvm::ArrayRef<mlir::Operation*> ops,
                                  const llvm::DenseSet<mlir::Value>& depending,
                                  llvm::DenseMap<mlir::Value, mlir::Value>& cotangents);

}  // namespace hornbeam::horn
