// Which ops of a job become one kernel. A group is a root (a product, a convolution, a reduction, a pool, …, or none)
// and the elementwise ops that follow it at the same points; a reduction also takes in the elementwise ops before it.
#pragma once

#include <memory>
#include <vector>

#include "passes/fusion/access.h"

namespace hornbeam::passes {

struct Group {
  mlir::Operation* root = nullptr;         // null: elementwise only
  std::vector<mlir::Operation*> before;    // elementwise ops inside a reduction's body, in order
  std::vector<mlir::Operation*> members;   // elementwise ops at the root's points, in order
  llvm::SmallVector<int64_t> domain;       // the points: the shape of the root's result and of the members'
  llvm::SmallVector<mlir::Value> outputs;  // what others read, or the job returns
  mlir::Value copy_of;                     // a group that only writes out a moved value (a transpose, a broadcast)
};

// Everything the fusion of one job function found, in an order in which the groups can run.
struct Plan {
  std::vector<std::unique_ptr<Group>> groups;
  llvm::DenseMap<mlir::Value, Group*> group_of;  // of every value that a root or member makes, and of written-out moves
};

// Groups the ops of a block: a function's, or the body of a loop or branch. Fails, with an error on the op, at an op
// that no kernel does.
mlir::FailureOr<Plan> form_groups(mlir::Block& block);

// A loop or branch: a group of its own, whose body has groups in turn.
bool is_control(mlir::Operation* op);

// Values that `value` at `access` is read from: block arguments, constants, results of roots and members.
bool is_moved(mlir::Value value, const Plan& plan);  // made by an op that only moves elements and not written out

}  // namespace hornbeam::passes
