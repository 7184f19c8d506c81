// Merging of a domain's axes: two neighbours become one when every linear access walks through them as through one
// axis.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

namespace hornbeam::codegen {

class Axes {
 public:
  explicit Axes(llvm::ArrayRef<int64_t> extents) : extents_(extents.begin(), extents.end()) {}

  // An access (a factor per axis, then a constant) that merging must respect. Factors are kept by reference.
  void watch(llvm::ArrayRef<int64_t> factors) { accesses_.push_back(factors); }
  // Axes on both sides of a barrier are not merged (kept and reduced ones, say).
  void keep_apart(llvm::ArrayRef<bool> kind) { kind_.assign(kind.begin(), kind.end()); }

  // Groups of neighbouring axes, in order, without axes of extent 1. The index of a group is that of its last axis.
  llvm::SmallVector<llvm::SmallVector<int64_t>> merge() const {
    llvm::SmallVector<llvm::SmallVector<int64_t>> groups;
    for (int64_t axis = 0; axis < static_cast<int64_t>(extents_.size()); ++axis) {
      if (extents_[axis] == 1) continue;
      if (!groups.empty() && joined(groups.back().back(), axis))
        groups.back().push_back(axis);
      else
        groups.push_back({axis});
    }
    return groups;
  }

  int64_t extent(llvm::ArrayRef<int64_t> group) const {
    int64_t product = 1;
    for (int64_t axis : group) product *= extents_[axis];
    return product;
  }

 private:
  bool joined(int64_t outer, int64_t inner) const {
    if (!kind_.empty() && kind_[outer] != kind_[inner]) return false;
    for (llvm::ArrayRef<int64_t> factors : accesses_)
      if (factors[outer] != factors[inner] * extents_[inner]) return false;
    return true;
  }

  llvm::SmallVector<int64_t> extents_;
  llvm::SmallVector<llvm::ArrayRef<int64_t>> accesses_;
  llvm::SmallVector<bool> kind_;
};

}  // namespace hornbeam::codegen
