// Type inference: what families share. A bad op is answered through MLIR's diagnostics with a Keras-like text; unknown
// axes fit any size and stay unknown where nothing tells more.
#pragma once

#include <optional>
#include <string>

#include <mlir/IR/Diagnostics.h>
#include <mlir/IR/ValueRange.h>

#include "ir/types.h"

namespace hornbeam::horn {

using Dims = llvm::ArrayRef<int64_t>;
using Types = llvm::SmallVectorImpl<mlir::Type>;
using MaybeLocation = std::optional<mlir::Location>;

// What element types an op takes.
enum class Kind { any, number, floating, integer, boolean };
enum class Returns { same, boolean };

// Reports "horn.<op>: <text>" and fails.
llvm::LogicalResult shape_error(MaybeLocation location, llvm::StringRef op, const std::string& text);

// "(None, 3)" for a value's or an attribute's shape.
std::string text(mlir::Value value);
std::string text(mlir::Type tensor);
std::string text(Dims dims);

// Fails unless value's dtype is of the kind.
llvm::LogicalResult check_kind(MaybeLocation location, llvm::StringRef op, mlir::Value value, Kind kind);
// Fails unless 0 <= axis < rank for each axis, and none is given twice.
llvm::LogicalResult check_axes(MaybeLocation location, llvm::StringRef op, Dims axes, int64_t rank,
                               llvm::StringRef name = "axes");

inline bool unknown(int64_t dim) { return mlir::ShapedType::isDynamic(dim) || dim == kUnknown; }
// False if both are known and differ.
inline bool fits(int64_t a, int64_t b) { return unknown(a) || unknown(b) || a == b; }
inline int64_t known_of(int64_t a, int64_t b) { return unknown(a) ? b : a; }
inline bool fits(Dims a, Dims b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i)
    if (!fits(a[i], b[i])) return false;
  return true;
}
inline mlir::RankedTensorType tensor(mlir::Value value) { return mlir::cast<mlir::RankedTensorType>(value.getType()); }
inline mlir::RankedTensorType tensor(mlir::Type type) { return mlir::cast<mlir::RankedTensorType>(type); }
inline Dims dims(mlir::Value value) { return tensor(value).getShape(); }
inline int64_t rank(mlir::Value value) { return tensor(value).getRank(); }
inline mlir::Type element(mlir::Value value) { return tensor(value).getElementType(); }
inline bool is_float(mlir::Value value) { return mlir::isa<mlir::FloatType>(element(value)); }

llvm::LogicalResult infer_elementwise(MaybeLocation location, llvm::StringRef op, mlir::ValueRange operands, Kind accepts,
                                      Returns returns, Types& types);
llvm::LogicalResult infer_reduce(MaybeLocation location, llvm::StringRef op, mlir::Value x, Dims axes, Kind accepts,
                                 Types& types);
llvm::LogicalResult infer_arg_reduce(MaybeLocation location, llvm::StringRef op, mlir::Value x, int64_t axis, Types& types);

// `dims` without `axes`, in order.
llvm::SmallVector<int64_t> without(Dims dims, Dims axes);
// The axes of a tensor of this rank that are not in `axes`.
llvm::SmallVector<int64_t> other_axes(int64_t rank, Dims axes);

}  // namespace hornbeam::horn
