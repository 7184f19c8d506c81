// The register tile that matrix products and convolutions share: rows × vectors of accumulators, fed by one scalar per
// row and one vector per column block at each step of the depth.
#pragma once

#include "codegen/cpu/kernels/kernels.h"

namespace hornbeam::codegen {

struct Tile {
  int64_t rows = 1;
  int64_t vectors = 1;
  int64_t lanes = 16;
  int64_t rest = 0;  // active lanes of the last vector; 0: all

  int64_t size() const { return rows * vectors; }
};

// Accumulators at the start: zeros of the type in which `element`s are added up.
Emitter::Carried zeros(Emitter& e, const Tile& tile, mlir::Type element);

// The mask of the tile's vector v, null where all lanes are active.
mlir::Value tile_mask(Emitter& e, const Tile& tile, int64_t v);

// One step of the depth: accumulator[r][v] += scalar(r) * vector(v), widened to the accumulators' type.
Emitter::Carried multiply_add(Emitter& e, const Tile& tile, mlir::ValueRange accumulators,
                              llvm::function_ref<mlir::Value(int64_t)> scalar,
                              llvm::function_ref<mlir::Value(int64_t)> vector);

// Room for n elements on the stack, made once where the kernel begins.
mlir::Value stack(Emitter& e, mlir::Type element, int64_t n);

bool has_long_epilogue(hk::KernelOpInterface op);

// Runs the epilogue on a finished tile, whose sums are of `element`s; points_at gives a row's vector v. What is long is
// written once, in a loop over rows that lie in the first cache meanwhile: written out for every vector it would leave
// no registers to the sums.
void finish_tile(Kernel& kernel, hk::KernelOpInterface op, const Tile& tile, mlir::ValueRange sums, mlir::Type element,
                 llvm::function_ref<Points(mlir::Value row, int64_t v)> points_at);

// Cuts n into full tiles of `size` and one smaller: full(first, count) for the loop's share and rest(at, size).
// `begin`/`end` are tile numbers, of which ceil(n / size) exist; null for all.
void over_tiles(Emitter& e, int64_t n, int64_t size, mlir::Value begin, mlir::Value end,
                llvm::function_ref<void(mlir::Value at, int64_t size)> body);

}  // namespace hornbeam::codegen
