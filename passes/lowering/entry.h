// From a job function to an entry: the step loop, data rows, state views, outputs, the arena.
#pragma once

#include <vector>

#include "ir/pch.h"
#include "passes/pipelines.h"

namespace hornbeam::passes {

// Adds the entry of a normalized job function to the module and erases the job. Fails with an error on an op.
mlir::FailureOr<LoweredEntry> lower_entry(mlir::func::FuncOp job, const std::vector<StatePlace>& state,
                                          const Target& target);

}  // namespace hornbeam::passes
