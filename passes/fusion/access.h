// Where an element of a value lies, as a function of a point: one linear function of the point's indices per axis. Ops
// that only move elements (broadcast, transpose, slice, reverse, …) are compositions of these and cost nothing.
#pragma once

#include <optional>

#include "ir/horn.h"
#include "ir/pch.h"

namespace hornbeam::passes {

// A linear function of `rank` indices: one factor each, then a constant.
using Linear = llvm::SmallVector<int64_t, 5>;

struct Access {
  llvm::SmallVector<Linear, 4> axes;  // one per axis of the value

  static Access identity(size_t rank);
  bool is_identity() const;
  // The flat index, for a row-major value of this shape. `rank` is the number of the point's indices.
  Linear flatten(llvm::ArrayRef<int64_t> shape, size_t rank) const;
};

llvm::ArrayRef<int64_t> dims_of(mlir::Value value);

// If `value` is made by an op that only moves elements, where they come from: the operand and the access of it that
// corresponds to `access` of the value.
struct Source {
  mlir::Value value;
  Access access;
};
std::optional<Source> look_through(mlir::Value value, const Access& access, size_t rank);

// A reshape that only adds or removes axes of size 1.
bool is_unit_reshape(horn::ReshapeOp op);

// The scalar in every element of a constant value, null if it is none (or not the same everywhere).
mlir::TypedAttr splat_of(mlir::Value value);

// From an access of what a take makes: that of its indices, and that of its table, which leaves out the taken axis.
Access index_access(horn::TakeOp take, const Access& access);
Access table_access(horn::TakeOp take, const Access& access);

// Reads through axes of size 1 are reads at 0: makes equal what differs in spelling only.
void normalize(Access& access, llvm::ArrayRef<int64_t> shape, size_t rank);

}  // namespace hornbeam::passes
