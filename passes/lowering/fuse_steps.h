// The pass hk-fuse-steps: each step becomes an entry that runs any number of them in one loop. The rows of a step's
// batches are gathered by their numbers, state is a view of its segment and stays in place from turn to turn, and
// outputs are stored behind those of the step before.
#pragma once

#include <vector>

#include <hornbeam/base/target.h>

#include "ir/pch.h"
#include "passes/pipelines.h"

namespace hornbeam::passes {

// `state` says where each state variable lies.
std::unique_ptr<mlir::Pass> create_fuse_steps_pass(const std::vector<StatePlace>& state, const Target& target);
// For text: the variables lie in the weights segment, in the order in which the module's functions name them first.
std::unique_ptr<mlir::Pass> create_fuse_steps_pass();

}  // namespace hornbeam::passes
