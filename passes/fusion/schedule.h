// The pass horn-schedule: the order in which groups run, and which values replace others in place.
//   horn.in_place   on a block's terminator, the numbers of its operands that are written straight into the place of
//                   what they replace: a state variable, or a value that a loop carries. The others are copied there at
//                   the end.
#pragma once

#include "passes/fusion/groups.h"

namespace hornbeam::passes {

inline constexpr llvm::StringLiteral kInPlaceAttr = "horn.in_place";

// The new value of a state variable or of a carried value.
struct Update {
  mlir::BlockArgument state;
  mlir::Value value;        // what the block returns for it
  unsigned result = 0;      // its number among what the block returns
  Group* writer = nullptr;  // the group that writes it in place; null: it is copied there at the end
};

// The argument that each result of a block replaces, null where it replaces none: state variables by their names, …
mlir::FailureOr<llvm::SmallVector<mlir::BlockArgument>> replaced_by_results(mlir::func::FuncOp job);
// … and what a loop carries, by place.
llvm::SmallVector<mlir::BlockArgument> replaced_by_results(mlir::Block& body);

// Orders plan.groups so that every reader of an old value runs before the group that overwrites it, decides for each
// update whether it can be written in place, and writes both down.
mlir::LogicalResult schedule(mlir::Block& block, llvm::ArrayRef<mlir::BlockArgument> replaced);

// What has been decided for a block, except where a result is the argument that it replaces.
llvm::SmallVector<Update> read_updates(mlir::Block& block, const Plan& plan,
                                       llvm::ArrayRef<mlir::BlockArgument> replaced);

std::unique_ptr<mlir::Pass> create_schedule_pass();

}  // namespace hornbeam::passes
