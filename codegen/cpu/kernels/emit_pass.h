// The pass hk-emit-kernels: lowering to vectorized loops. emit_kernels as compile() runs it, for hornbeam-opt.
#pragma once

#include "ir/pch.h"

namespace hornbeam::codegen {

// The option vector-bytes is the width of a vector register.
std::unique_ptr<mlir::Pass> create_emit_kernels_pass();

}  // namespace hornbeam::codegen
