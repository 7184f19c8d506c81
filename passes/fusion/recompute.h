// The pass horn-recompute: cheap elementwise work on large values is done by whoever reads its result, from what lies in
// memory anyway, instead of once for all: a few operations an element are cheaper than writing it and reading it again.
//   horn.recompute   on such an op: it has one reader and belongs to its group
#pragma once

#include "ir/pch.h"

namespace hornbeam::passes {

inline constexpr llvm::StringLiteral kRecomputeAttr = "horn.recompute";

std::unique_ptr<mlir::Pass> create_recompute_pass();

}  // namespace hornbeam::passes
