// The pass hk-place-barriers: where threads must wait for each other, and what only one of them does.
#pragma once

#include "ir/pch.h"

namespace hornbeam::passes {

// `body` is the step of an entry that several threads run at once: each does its share of a kernel with units > 1, and
// thread 0 alone does the others. Puts a barrier before a kernel that touches what another thread may still be at work
// on, and one at the end of the step.
void place_barriers(mlir::Block& body, mlir::Value thread);

// The same on the loop over steps of each entry that has something to share; the entry says how many threads it may
// use.
std::unique_ptr<mlir::Pass> create_place_barriers_pass();

}  // namespace hornbeam::passes
