// Maps whose extras are contiguous along another axis than the one along which the vectors lie.
#pragma once

#include <optional>

#include "codegen/cpu/kernels/kernels.h"

namespace hornbeam::codegen {

// The axis along which extras are to be read in blocks because they lie strided along `last`, if there is one among
// these groups of axes (a group's index is that of its last axis) and the epilogue is short enough to be written out.
std::optional<int64_t> axis_across(hk::MapOp op, int64_t last, llvm::ArrayRef<llvm::SmallVector<int64_t>> groups);

// `points` lie along the last axis, of `extent`; `outer` has the other axes and their extents, in order.
void emit_transposed_map(Kernel& kernel, hk::MapOp op, Points points, llvm::ArrayRef<std::pair<int64_t, int64_t>> outer,
                         int64_t extent, int64_t across);

}  // namespace hornbeam::codegen
