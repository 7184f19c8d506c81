#include "passes/lowering/tile.h"

#include <algorithm>

namespace hornbeam::passes {
namespace {

// One or two vectors: two keep the FMA units busy with fewer loads a product.
int64_t vectors_for(int64_t columns, const Target& target) { return columns > target.vector_bytes / 4 ? 2 : 1; }

// Registers left for accumulators, beside the vectors of a column block and one row's broadcast.
int64_t most_rows(int64_t vectors, const Target& target) {
  return std::max<int64_t>((target.vector_registers - vectors - 1) / vectors, 1);
}

// The largest size whose last, smaller tile wastes least.
int64_t rows_for(int64_t n, int64_t most) {
  if (n <= most) return n;
  int64_t best = most;
  for (int64_t rows = most; rows >= std::max<int64_t>(most / 2, 1); --rows) {
    if (n % rows == 0) return rows;
    auto rest = [&](int64_t r) { return r - n % r; };  // rows missing in the last tile
    if (rest(rows) < rest(best)) best = rows;
  }
  return best;
}

}  // namespace

llvm::SmallVector<int64_t> gemm_tile(int64_t m, int64_t n, const Target& target) {
  int64_t vectors = vectors_for(n, target);
  return {rows_for(m, std::min<int64_t>(most_rows(vectors, target), 14)), vectors};
}

llvm::SmallVector<int64_t> conv_tile(int64_t width, int64_t features, const Target& target) {
  int64_t vectors = vectors_for(features, target);
  return {rows_for(width, std::min<int64_t>(most_rows(vectors, target), 14)), vectors};
}

llvm::SmallVector<int64_t> conv_kernel_grad_tile(int64_t positions, int64_t channels, int64_t features,
                                                 const Target& target) {
  int64_t vectors = vectors_for(features, target), most = most_rows(vectors, target);
  int64_t all = positions * channels;
  if (all <= most) return {all, vectors};
  int64_t rows = std::min(channels, most);
  while (channels % rows) --rows;
  return {rows, vectors};
}

}  // namespace hornbeam::passes
