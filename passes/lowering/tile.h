// Register tiles: rows × vectors of accumulators that fit the processor's registers and waste few lanes.
#pragma once

#include <hornbeam/base/target.h>

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

namespace hornbeam::passes {

llvm::SmallVector<int64_t> gemm_tile(int64_t m, int64_t n, const Target& target);
llvm::SmallVector<int64_t> conv_tile(int64_t width, int64_t features, const Target& target);
// positions: of the kernel's window; channels and features: of one group, or groups instead of features.
llvm::SmallVector<int64_t> conv_kernel_grad_tile(int64_t positions, int64_t channels, int64_t features,
                                                 const Target& target);

}  // namespace hornbeam::passes
