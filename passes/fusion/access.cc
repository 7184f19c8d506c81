#include "passes/fusion/access.h"

namespace hornbeam::passes {
namespace {

Linear constant(size_t rank, int64_t value) {
  Linear linear(rank + 1, 0);
  linear[rank] = value;
  return linear;
}

Linear scaled(const Linear& linear, int64_t factor, int64_t offset) {
  Linear out = linear;
  for (int64_t& term : out) term *= factor;
  out.back() += offset;
  return out;
}

}  // namespace

Access Access::identity(size_t rank) {
  Access access;
  for (size_t axis = 0; axis < rank; ++axis) {
    access.axes.push_back(constant(rank, 0));
    access.axes.back()[axis] = 1;
  }
  return access;
}

bool Access::is_identity() const {
  for (size_t axis = 0; axis < axes.size(); ++axis) {
    if (axes[axis].size() != axes.size() + 1) return false;
    for (size_t i = 0; i < axes[axis].size(); ++i)
      if (axes[axis][i] != (i == axis ? 1 : 0)) return false;
  }
  return true;
}

Linear Access::flatten(llvm::ArrayRef<int64_t> shape, size_t rank) const {
  Linear flat = constant(rank, 0);
  int64_t stride = 1;
  for (size_t axis = shape.size(); axis-- > 0;) {
    for (size_t i = 0; i < flat.size(); ++i) flat[i] += axes[axis][i] * stride;
    stride *= shape[axis];
  }
  return flat;
}

llvm::ArrayRef<int64_t> dims_of(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType()).getShape();
}

bool is_unit_reshape(horn::ReshapeOp op) {
  auto without_ones = [](llvm::ArrayRef<int64_t> dims) {
    llvm::SmallVector<int64_t> out;
    for (int64_t dim : dims)
      if (dim != 1) out.push_back(dim);
    return out;
  };
  return without_ones(dims_of(op.getX())) == without_ones(dims_of(op.getResult()));
}

void normalize(Access& access, llvm::ArrayRef<int64_t> shape, size_t rank) {
  for (size_t axis = 0; axis < shape.size(); ++axis)
    if (shape[axis] == 1) access.axes[axis] = constant(rank, 0);
}

std::optional<Source> look_through(mlir::Value value, const Access& access, size_t rank) {
  mlir::Operation* op = value.getDefiningOp();
  if (!op) return std::nullopt;
  Source source;
  if (auto broadcast = llvm::dyn_cast<horn::BroadcastOp>(op)) {
    source.value = broadcast.getX();
    llvm::ArrayRef<int64_t> dims = dims_of(source.value), axes = broadcast.getAxes();
    for (size_t i = 0; i < dims.size(); ++i)
      source.access.axes.push_back(dims[i] == 1 ? constant(rank, 0) : access.axes[axes[i]]);
    return source;
  }
  if (auto transpose = llvm::dyn_cast<horn::TransposeOp>(op)) {
    source.value = transpose.getX();
    source.access.axes.resize(access.axes.size());
    for (auto [i, from] : llvm::enumerate(transpose.getPermutation())) source.access.axes[from] = access.axes[i];
    return source;
  }
  if (auto slice = llvm::dyn_cast<horn::SliceOp>(op)) {
    source.value = slice.getX();
    for (size_t i = 0; i < access.axes.size(); ++i)
      source.access.axes.push_back(scaled(access.axes[i], slice.getStrides()[i], slice.getStart()[i]));
    return source;
  }
  if (auto reverse = llvm::dyn_cast<horn::ReverseOp>(op)) {
    source.value = reverse.getX();
    source.access = access;
    for (int64_t axis : reverse.getAxes())
      source.access.axes[axis] = scaled(access.axes[axis], -1, dims_of(value)[axis] - 1);
    return source;
  }
  if (auto reshape = llvm::dyn_cast<horn::ReshapeOp>(op); reshape && is_unit_reshape(reshape)) {
    source.value = reshape.getX();
    llvm::ArrayRef<int64_t> to = dims_of(value);
    size_t next = 0;
    for (int64_t dim : dims_of(source.value)) {
      if (dim == 1) {
        source.access.axes.push_back(constant(rank, 0));
        continue;
      }
      while (to[next] == 1) ++next;
      source.access.axes.push_back(access.axes[next++]);
    }
    return source;
  }
  return std::nullopt;
}

Access index_access(horn::TakeOp take, const Access& access) {
  auto first = access.axes.begin() + take.getAxis();
  return {llvm::SmallVector<Linear, 4>(first, first + dims_of(take.getIndices()).size())};
}

Access table_access(horn::TakeOp take, const Access& access) {
  size_t rank = access.axes.empty() ? 0 : access.axes.front().size() - 1;
  auto first = access.axes.begin() + take.getAxis();
  Access table{llvm::SmallVector<Linear, 4>(access.axes.begin(), first)};
  table.axes.push_back(constant(rank, 0));
  table.axes.append(first + dims_of(take.getIndices()).size(), access.axes.end());
  return table;
}

mlir::TypedAttr splat_of(mlir::Value value) {
  auto constant_op = value.getDefiningOp<horn::ConstantOp>();
  if (!constant_op) return {};
  auto elements = llvm::dyn_cast<mlir::DenseElementsAttr>(constant_op.getValue());
  if (!elements || !elements.isSplat()) return {};
  return llvm::cast<mlir::TypedAttr>(elements.getSplatValue<mlir::Attribute>());
}

}  // namespace hornbeam::passes
