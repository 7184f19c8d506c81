// Type inference: what families share.
#include "ir/ops/infer.h"

#include <llvm/ADT/STLExtras.h>

namespace hornbeam::horn {

llvm::LogicalResult shape_error(MaybeLocation location, llvm::StringRef op, const std::string& text) {
  return mlir::emitOptionalError(location, "horn.", op, ": ", text);
}

std::string text(mlir::Type tensor) { return ir::shape_of(tensor).to_string(); }
std::string text(mlir::Value value) { return text(value.getType()); }
std::string text(Dims dims) {
  std::vector<int64_t> sizes(dims);
  for (int64_t& size : sizes)
    if (unknown(size)) size = kUnknown;
  return Shape(std::move(sizes)).to_string();
}

namespace {

bool is_of(DType dtype, Kind kind) {
  switch (kind) {
    case Kind::any:
      return dtype != DType::invalid;
    case Kind::number:
      return hornbeam::is_float(dtype) || hornbeam::is_integer(dtype);
    case Kind::floating:
      return hornbeam::is_float(dtype);
    case Kind::integer:
      return hornbeam::is_integer(dtype);
    case Kind::boolean:
      return dtype == DType::boolean;
  }
  return false;
}

const char* text(Kind kind) {
  switch (kind) {
    case Kind::any:
      return "any dtype";
    case Kind::number:
      return "a float or integer dtype";
    case Kind::floating:
      return "a float dtype";
    case Kind::integer:
      return "an integer dtype";
    case Kind::boolean:
      return "dtype bool";
  }
  return "";
}

std::string dtype_text(mlir::Value value) { return std::string(name_of(ir::dtype_of(value.getType()))); }

}  // namespace

llvm::LogicalResult check_kind(MaybeLocation location, llvm::StringRef op, mlir::Value value, Kind kind) {
  if (is_of(ir::dtype_of(value.getType()), kind)) return llvm::success();
  return shape_error(location, op, std::string("expected ") + text(kind) + ". Received: dtype=" + dtype_text(value));
}

llvm::LogicalResult check_axes(MaybeLocation location, llvm::StringRef op, Dims axes, int64_t rank,
                               llvm::StringRef name) {
  for (size_t i = 0; i < axes.size(); ++i) {
    if (axes[i] < 0 || axes[i] >= rank)
      return shape_error(location, op,
                         name.str() + " must be in [0, " + std::to_string(rank) + ") for a tensor of rank " +
                             std::to_string(rank) + ". Received: " + name.str() + "=" + text(axes));
    if (llvm::is_contained(axes.take_front(i), axes[i]))
      return shape_error(location, op,
                         name.str() + " must not repeat an axis. Received: " + name.str() + "=" + text(axes));
  }
  return llvm::success();
}

llvm::LogicalResult infer_elementwise(MaybeLocation location, llvm::StringRef op, mlir::ValueRange operands,
                                      Kind accepts, Returns returns, Types& types) {
  llvm::SmallVector<int64_t> shape(dims(operands[0]));
  for (mlir::Value operand : operands) {
    if (failed(check_kind(location, op, operand, accepts))) return llvm::failure();
    if (element(operand) != element(operands[0]))
      return shape_error(
          location, op,
          "operands must have one dtype. Received: " + dtype_text(operands[0]) + " and " + dtype_text(operand));
    if (!fits(dims(operand), shape))
      return shape_error(location, op,
                         "operands must have equal shapes. Received: " + text(operands[0]) + " and " + text(operand));
    for (size_t i = 0; i < shape.size(); ++i) shape[i] = known_of(shape[i], dims(operand)[i]);
  }
  mlir::Type result = element(operands[0]);
  if (returns == Returns::boolean) result = mlir::IntegerType::get(result.getContext(), 1);
  types.push_back(mlir::RankedTensorType::get(shape, result));
  return llvm::success();
}

llvm::SmallVector<int64_t> other_axes(int64_t rank, Dims axes) {
  llvm::SmallVector<int64_t> others;
  for (int64_t i = 0; i < rank; ++i)
    if (!llvm::is_contained(axes, i)) others.push_back(i);
  return others;
}

llvm::SmallVector<int64_t> without(Dims dims, Dims axes) {
  llvm::SmallVector<int64_t> kept;
  for (int64_t i : other_axes(static_cast<int64_t>(dims.size()), axes)) kept.push_back(dims[i]);
  return kept;
}

llvm::LogicalResult infer_reduce(MaybeLocation location, llvm::StringRef op, mlir::Value x, Dims axes, Kind accepts,
                                 Types& types) {
  if (failed(check_kind(location, op, x, accepts)) || failed(check_axes(location, op, axes, rank(x))))
    return llvm::failure();
  types.push_back(mlir::RankedTensorType::get(without(dims(x), axes), element(x)));
  return llvm::success();
}

llvm::LogicalResult infer_arg_reduce(MaybeLocation location, llvm::StringRef op, mlir::Value x, int64_t axis,
                                     Types& types) {
  if (failed(check_axes(location, op, axis, rank(x), "axis"))) return llvm::failure();
  if (dims(x)[axis] == 0) return shape_error(location, op, "the axis must not be empty. Received: x.shape=" + text(x));
  types.push_back(mlir::RankedTensorType::get(without(dims(x), axis), mlir::IntegerType::get(x.getContext(), 32)));
  return llvm::success();
}

}  // namespace hornbeam::horn
