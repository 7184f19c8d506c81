// Fewer axes for the points of a kernel.
#pragma once

#include "passes/lowering/region.h"

namespace hornbeam::passes {

// Makes one of `extents.size()` axes from `first` on, if everything in the region walks through them as through one:
// false, and nothing changes, if something does not.
bool merge_axes(RegionBuilder::Parts& parts, size_t first, llvm::ArrayRef<int64_t> extents);

}  // namespace hornbeam::passes
