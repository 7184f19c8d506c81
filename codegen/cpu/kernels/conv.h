// What the convolution's kernels share.
#pragma once

#include "codegen/cpu/kernels/kernels.h"
#include "codegen/cpu/kernels/tile.h"

namespace hornbeam::codegen {

// How far apart, in elements, neighbours along each spatial axis of an array [N, spatial…, C] lie.
llvm::SmallVector<int64_t> spatial_steps(llvm::ArrayRef<int64_t> shape);

// As multiply_add, with a vector on both sides: accumulator[r][v] += left(r, v) * right(v).
Emitter::Carried multiply_add_lanes(Emitter& e, const Tile& tile, mlir::ValueRange accumulators,
                                    llvm::function_ref<mlir::Value(int64_t, int64_t)> left,
                                    llvm::function_ref<mlir::Value(int64_t)> right);

}  // namespace hornbeam::codegen
