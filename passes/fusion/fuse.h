// The pass horn-fuse: elementwise and epilogue fusion, written down as a plan (plan.h).
#pragma once

#include "ir/pch.h"

namespace hornbeam::passes {

std::unique_ptr<mlir::Pass> create_fuse_pass();

}  // namespace hornbeam::passes
