// Loops and branches inside a job: scf around their bodies, which are lowered like the job itself.
#pragma once

#include "passes/lowering/kernels.h"

namespace hornbeam::passes {

// Emits a scan, cond or while at the builder's place. Carried values lie in the buffers of the results and are updated in
// place where the body's groups allow it; a scan's slices and outputs are parts of the stacked buffers.
mlir::LogicalResult lower_control(mlir::OpBuilder& builder, mlir::Operation* op, const Plan& plan, Buffers& buffers,
                                  const Target& target);

}  // namespace hornbeam::passes
