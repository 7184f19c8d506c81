// A plan written down in the IR, so that each stage takes it from text: attributes on the ops of a block.
//   horn.group   the number of the group that computes the op; groups run in the order of their numbers
//   horn.body    elementwise work inside the group's reduction, before it
// Ops without a number only move elements: their readers do that.
#pragma once

#include "passes/fusion/groups.h"

namespace hornbeam::passes {

inline constexpr llvm::StringLiteral kGroupAttr = "horn.group";
inline constexpr llvm::StringLiteral kBodyAttr = "horn.body";

// Marks the ops of the block and puts them in the plan's order, group by group, moves before the first that reads them.
void write_plan(const Plan& plan, mlir::Block& block);

// The plan that stands in the block, outputs of the groups included. Fails, with an error on the op, where an op that
// computes something has no group.
mlir::FailureOr<Plan> read_plan(mlir::Block& block);

}  // namespace hornbeam::passes
