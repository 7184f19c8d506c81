// Leaves only ops that have a kernel or are elementwise: fused ops are written out, dots get one axis of each kind,
// convolutions and pools lose padding, groups and data gradients.
#pragma once

#include "ir/horn.h"
#include "ir/pch.h"

namespace hornbeam::passes {

mlir::LogicalResult normalize(mlir::func::FuncOp function);

// The same as the pass horn-normalize, on functions.
std::unique_ptr<mlir::Pass> create_normalize_pass();

}  // namespace hornbeam::passes
