// The order in which groups run, and which state variables are written in place.
#pragma once

#include "passes/fusion/groups.h"

namespace hornbeam::passes {

// The new value of one state variable.
struct Update {
  mlir::BlockArgument state;
  mlir::Value value;  // what the job returns for it
  Group* writer =
      nullptr;  // the group that writes it straight into the variable's place; null: it is copied there at the end
};

// Orders plan.groups so that every reader of a variable's old value runs before the group that overwrites it, and
// decides for each update whether it can be written in place. `updates` are those of the job, with writer unset; the
// old values in `read_at_end` are still needed when all groups have run.
void schedule(Plan& plan, llvm::MutableArrayRef<Update> updates, const llvm::DenseSet<mlir::Value>& read_at_end);

}  // namespace hornbeam::passes
