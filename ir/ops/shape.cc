// Ops that make a tensor from nothing, or move elements: shape, vjp and reference side by side.
#include "ir/horn.h"
#include "ir/ops/make.h"
#include "ir/ops/reference.h"

namespace hornbeam::horn {

using namespace mlir;
using Arrays = std::vector<Array>;
using In = llvm::ArrayRef<Array>;
using Grads = llvm::SmallVectorImpl<Value>;

namespace {

Array new_result(Value result) { return Array(ir::dtype_of(result.getType()), ir::shape_of(result.getType())); }

// Product of the known axes, held at the largest integer; sets `unknowns` to how many are not.
int64_t count(Dims dims, int& unknowns) {
  int64_t product = 1;
  unknowns = 0;
  for (int64_t dim : dims) {
    if (unknown(dim))
      ++unknowns;
    else if (__builtin_mul_overflow(product, dim, &product))
      product = INT64_MAX;
  }
  return product;
}

LogicalResult check_shape(std::optional<Location> location, StringRef op, Dims shape) {
  for (int64_t dim : shape)
    if (dim < 0 && !unknown(dim))
      return shape_error(location, op, "shape must not have negative axes. Received: shape=" + text(shape));
  return success();
}

}  // namespace

// ---- constant
LogicalResult ConstantOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor adaptor,
                                           Types& types) {
  auto type = dyn_cast<RankedTensorType>(adaptor.getValue().getType());
  if (!type) return shape_error(location, "constant", "the value must be a tensor");
  types.push_back(type);
  return success();
}
OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }
Arrays ConstantOp::evaluate(In) { return {ir::to_array(getValue())}; }

// ---- iota
LogicalResult IotaOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor adaptor, Types& types) {
  Dims shape = adaptor.getShape();
  if (failed(check_shape(location, "iota", shape))) return failure();
  if (failed(check_axes(location, "iota", static_cast<int64_t>(adaptor.getAxis()), shape.size(), "axis")))
    return failure();
  DType dtype = ir::from_mlir(adaptor.getDtype());
  if (!hornbeam::is_float(dtype) && !hornbeam::is_integer(dtype))
    return shape_error(location, "iota",
                       "dtype must be a float or an integer. Received: dtype=" + std::string(name_of(dtype)));
  types.push_back(ir::tensor_type(shape, adaptor.getDtype()));
  return success();
}
Arrays IotaOp::evaluate(In) {
  Array out = new_result(getResult());
  int64_t i = 0, axis = getAxis();
  each_index(out.shape(), [&](const auto& index) {
    if (hornbeam::is_float(out.dtype()))
      out.set(i++, static_cast<double>(index[axis]));
    else
      out.set_int(i++, index[axis]);
  });
  return {out};
}

// ---- broadcast
LogicalResult BroadcastOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor adaptor,
                                            Types& types) {
  Value x = adaptor.getX();
  Dims shape = adaptor.getShape(), axes = adaptor.getAxes();
  if (failed(check_shape(location, "broadcast", shape)) ||
      failed(check_axes(location, "broadcast", axes, static_cast<int64_t>(shape.size()))))
    return failure();
  if (static_cast<int64_t>(axes.size()) != rank(x) || !llvm::is_sorted(axes))
    return shape_error(location, "broadcast",
                       "axes must name a result axis for each operand axis, increasing. Received: x.shape=" + text(x) +
                           ", axes=" + text(axes));
  llvm::SmallVector<int64_t> result(shape);
  for (auto [i, axis] : llvm::enumerate(axes)) {
    int64_t dim = dims(x)[i];
    if (dim == 1) continue;
    if (!fits(dim, shape[axis]))
      return shape_error(
          location, "broadcast",
          "shapes do not broadcast. Received: x.shape=" + text(x) + ", shape=" + text(shape) + ", axes=" + text(axes));
    result[axis] = known_of(shape[axis], dim);
  }
  types.push_back(ir::tensor_type(result, element(x)));
  return success();
}
void BroadcastOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  Dims from = dims(getX()), to = dims(getResult()), axes = getAxes();
  llvm::SmallVector<int64_t> summed;  // new axes, and those that grew from 1
  for (int64_t i = 0; i < static_cast<int64_t>(to.size()); ++i) {
    const auto* place = llvm::find(axes, i);
    if (place == axes.end() || (from[place - axes.begin()] == 1 && to[i] != 1)) summed.push_back(i);
  }
  Value sum = summed.empty() ? g[0] : m.sum(g[0], summed);
  grads.push_back(rank(sum) == static_cast<int64_t>(from.size()) ? sum : m.reshape(sum, from));
}
Arrays BroadcastOp::evaluate(In in) {
  Array out = new_result(getResult());
  int64_t i = 0;
  std::vector<int64_t> source(in[0].shape().size());
  each_index(out.shape(), [&](const auto& index) {
    for (size_t axis = 0; axis < source.size(); ++axis)
      source[axis] = in[0].shape()[axis] == 1 ? 0 : index[getAxes()[axis]];
    copy_element(out, i++, in[0], flat(source, in[0].shape()));
  });
  return {out};
}

// ---- reshape
LogicalResult ReshapeOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor adaptor,
                                          Types& types) {
  Value x = adaptor.getX();
  Dims shape = adaptor.getShape();
  if (failed(check_shape(location, "reshape", shape))) return failure();
  auto mismatch = [&] {
    return shape_error(location, "reshape",
                       "the total size must be unchanged. Received: x.shape=" + text(x) + ", shape=" + text(shape));
  };
  int from_unknown = 0, to_unknown = 0;
  int64_t from = count(dims(x), from_unknown), to = count(shape, to_unknown);
  llvm::SmallVector<int64_t> result(shape);
  if (from_unknown == 0 && to_unknown == 0) {
    if (from != to) return mismatch();
  } else if (from_unknown == 0 && to_unknown == 1) {
    if (to == 0 ? from != 0 : from % to != 0) return mismatch();
    for (int64_t& dim : result)
      if (unknown(dim)) dim = to == 0 ? 0 : from / to;
  } else if (from_unknown == 1 && to_unknown == 0 && (from == 0 ? to != 0 : to % from != 0)) {
    return mismatch();
  }
  types.push_back(ir::tensor_type(result, element(x)));
  return success();
}
void ReshapeOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  grads.push_back(Make{b, getLoc()}.reshape(g[0], dims(getX())));
}
Arrays ReshapeOp::evaluate(In in) { return {in[0].reshaped(ir::shape_of(getResult().getType()))}; }

// ---- transpose
LogicalResult TransposeOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor adaptor,
                                            Types& types) {
  Value x = adaptor.getX();
  Dims permutation = adaptor.getPermutation();
  if (failed(check_axes(location, "transpose", permutation, rank(x), "permutation"))) return failure();
  if (static_cast<int64_t>(permutation.size()) != rank(x))
    return shape_error(
        location, "transpose",
        "permutation must name every axis. Received: x.shape=" + text(x) + ", permutation=" + text(permutation));
  llvm::SmallVector<int64_t> result;
  for (int64_t axis : permutation) result.push_back(dims(x)[axis]);
  types.push_back(RankedTensorType::get(result, element(x)));
  return success();
}
void TransposeOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  llvm::SmallVector<int64_t> inverse(getPermutation().size());
  for (auto [i, axis] : llvm::enumerate(getPermutation())) inverse[axis] = i;
  grads.push_back(Make{b, getLoc()}.transpose(g[0], inverse));
}
Arrays TransposeOp::evaluate(In in) {
  Array out = new_result(getResult());
  int64_t i = 0;
  std::vector<int64_t> source(out.shape().size());
  each_index(out.shape(), [&](const auto& index) {
    for (size_t axis = 0; axis < source.size(); ++axis) source[getPermutation()[axis]] = index[axis];
    copy_element(out, i++, in[0], flat(source, in[0].shape()));
  });
  return {out};
}

// ---- concat
LogicalResult ConcatOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor adaptor,
                                         Types& types) {
  ValueRange inputs = adaptor.getInputs();
  if (inputs.empty()) return shape_error(location, "concat", "expected at least one input. Received: none");
  int64_t axis = adaptor.getAxis();
  if (failed(check_axes(location, "concat", axis, rank(inputs[0]), "axis"))) return failure();
  llvm::SmallVector<int64_t> result(dims(inputs[0]));
  std::string received;
  for (Value input : inputs) received += (received.empty() ? "" : ", ") + text(input);
  int64_t total = 0;
  for (Value input : inputs) {
    if (element(input) != element(inputs[0]))
      return shape_error(
          location, "concat",
          "inputs must have one dtype. Received: " + std::string(name_of(ir::dtype_of(inputs[0].getType()))) + " and " +
              std::string(name_of(ir::dtype_of(input.getType()))));
    bool same = rank(input) == rank(inputs[0]);
    for (int64_t i = 0; same && i < rank(input); ++i) {
      if (i == axis) continue;
      same = fits(dims(input)[i], result[i]);
      result[i] = known_of(result[i], dims(input)[i]);
    }
    if (!same)
      return shape_error(location, "concat",
                         "shapes must match except on the concatenation axis. Received: axis=" + std::to_string(axis) +
                             ", shapes " + received);
    int64_t dim = dims(input)[axis];
    total = unknown(total) || unknown(dim) ? ShapedType::kDynamic : total + dim;
  }
  result[axis] = total;
  types.push_back(RankedTensorType::get(result, element(inputs[0])));
  return success();
}
void ConcatOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  int64_t axis = getAxis(), at = 0;
  llvm::SmallVector<int64_t> start(rank(g[0]), 0), limit(dims(g[0])), strides(rank(g[0]), 1);
  for (Value input : getInputs()) {
    start[axis] = at;
    limit[axis] = at += dims(input)[axis];
    grads.push_back(m.make<SliceOp>(g[0], start, limit, strides));
  }
}
Arrays ConcatOp::evaluate(In in) {
  Array out = new_result(getResult());
  int64_t axis = getAxis(), at = 0;
  for (const Array& input : in) {
    int64_t i = 0;
    each_index(input.shape(), [&](std::vector<int64_t> index) {
      index[axis] += at;
      copy_element(out, flat(index, out.shape()), input, i++);
    });
    at += input.shape()[axis];
  }
  return {out};
}

// ---- slice
LogicalResult SliceOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor adaptor, Types& types) {
  Value x = adaptor.getX();
  Dims start = adaptor.getStart(), limit = adaptor.getLimit(), strides = adaptor.getStrides();
  size_t n = dims(x).size();
  std::string received = "Received: x.shape=" + text(x) + ", start=" + text(start) + ", limit=" + text(limit) +
                         ", strides=" + text(strides);
  if (start.size() != n || limit.size() != n || strides.size() != n)
    return shape_error(location, "slice", "start, limit and strides must have an entry per axis. " + received);
  llvm::SmallVector<int64_t> result(n);
  for (size_t i = 0; i < n; ++i) {
    int64_t dim = dims(x)[i], end = limit[i] == kUnknown ? dim : limit[i];
    if (strides[i] <= 0 || start[i] < 0 || (!unknown(end) && end < start[i]) || (!unknown(dim) && end > dim))
      return shape_error(location, "slice", "expected 0 <= start <= limit <= size and strides > 0. " + received);
    result[i] = unknown(end) ? ShapedType::kDynamic : (end - start[i] + strides[i] - 1) / strides[i];
  }
  types.push_back(RankedTensorType::get(result, element(x)));
  return success();
}
void SliceOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  Value dx = g[0], zero = m.scalar(element(getX()), 0);
  int64_t n = rank(dx);
  // Strides s: [k] → [k, 1] → pad to [k, s] → [k * s], the elements s apart; then both ends are made fit.
  for (int64_t i = 0; i < n; ++i) {
    int64_t stride = getStrides()[i], k = dims(dx)[i];
    if (stride == 1 || k <= 1) continue;
    llvm::SmallVector<int64_t> split(dims(dx)), low(n + 1, 0), high(n + 1, 0), joined(dims(dx));
    split.insert(split.begin() + i + 1, 1);
    high[i + 1] = stride - 1;
    joined[i] = k * stride;
    dx = m.reshape(m.make<PadOp>(m.reshape(dx, split), zero, low, high), joined);
    llvm::SmallVector<int64_t> start(n, 0), limit(dims(dx)), ones(n, 1);
    limit[i] = (k - 1) * stride + 1;
    dx = m.make<SliceOp>(dx, start, limit, ones);
  }
  llvm::SmallVector<int64_t> low(getStart()), high(n);
  for (int64_t i = 0; i < n; ++i) high[i] = dims(getX())[i] - low[i] - dims(dx)[i];
  bool all =
      llvm::all_of(low, [](int64_t p) { return p == 0; }) && llvm::all_of(high, [](int64_t p) { return p == 0; });
  grads.push_back(all ? dx : m.make<PadOp>(dx, zero, low, high));
}
Arrays SliceOp::evaluate(In in) {
  Array out = new_result(getResult());
  int64_t i = 0;
  each_index(out.shape(), [&](std::vector<int64_t> index) {
    for (size_t axis = 0; axis < index.size(); ++axis)
      index[axis] = getStart()[axis] + index[axis] * getStrides()[axis];
    copy_element(out, i++, in[0], flat(index, in[0].shape()));
  });
  return {out};
}

// ---- pad
LogicalResult PadOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor adaptor, Types& types) {
  Value x = adaptor.getX();
  Dims low = adaptor.getLow(), high = adaptor.getHigh();
  if (rank(adaptor.getValue()) != 0 || element(adaptor.getValue()) != element(x))
    return shape_error(location, "pad",
                       "the value must be a scalar of x's dtype. Received: value.shape=" + text(adaptor.getValue()));
  std::string received = "Received: x.shape=" + text(x) + ", low=" + text(low) + ", high=" + text(high);
  if (static_cast<int64_t>(low.size()) != rank(x) || static_cast<int64_t>(high.size()) != rank(x))
    return shape_error(location, "pad", "low and high must have an entry per axis. " + received);
  llvm::SmallVector<int64_t> result(dims(x));
  for (size_t i = 0; i < result.size(); ++i) {
    if (low[i] < 0 || high[i] < 0)
      return shape_error(location, "pad", "low and high must not be negative. " + received);
    int64_t more = 0;
    if (__builtin_add_overflow(low[i], high[i], &more) ||
        (!unknown(result[i]) && __builtin_add_overflow(result[i], more, &result[i])))
      return shape_error(location, "pad", "the result would be larger than any memory. " + received);
  }
  types.push_back(RankedTensorType::get(result, element(x)));
  return success();
}
void PadOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  Value x = getX();
  if (!is_float(x)) return grads.append({Value(), Value()});
  int64_t n = rank(x);
  llvm::SmallVector<int64_t> limit(getLow()), ones(n, 1);
  for (int64_t i = 0; i < n; ++i) limit[i] += dims(x)[i];
  Value dx = m.make<SliceOp>(g[0], getLow(), limit, ones);
  // By the value: what lies outside x, summed.
  mlir::Type boolean = b.getI1Type();
  Value inside = m.make<PadOp>(m.full(dims(x), boolean, 1), m.scalar(boolean, 0), getLow(), getHigh());
  llvm::SmallVector<int64_t> all = other_axes(n, {});
  grads.append({dx, m.sum(m.select(inside, m.zeros_like(g[0]), g[0]), all)});
}
Arrays PadOp::evaluate(In in) {
  Array out = new_result(getResult());
  for (int64_t i = 0; i < out.num_elements(); ++i) copy_element(out, i, in[1], 0);
  int64_t i = 0;
  each_index(in[0].shape(), [&](std::vector<int64_t> index) {
    for (size_t axis = 0; axis < index.size(); ++axis) index[axis] += getLow()[axis];
    copy_element(out, flat(index, out.shape()), in[0], i++);
  });
  return {out};
}

// ---- reverse
LogicalResult ReverseOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor adaptor,
                                          Types& types) {
  if (failed(check_axes(location, "reverse", adaptor.getAxes(), rank(adaptor.getX())))) return failure();
  types.push_back(adaptor.getX().getType());
  return success();
}
void ReverseOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  grads.push_back(Make{b, getLoc()}.make<ReverseOp>(g[0], getAxes()));
}
Arrays ReverseOp::evaluate(In in) {
  Array out = new_result(getResult());
  int64_t i = 0;
  each_index(out.shape(), [&](std::vector<int64_t> index) {
    for (int64_t axis : getAxes()) index[axis] = out.shape()[axis] - 1 - index[axis];
    copy_element(out, i++, in[0], flat(index, in[0].shape()));
  });
  return {out};
}

}  // namespace hornbeam::horn
