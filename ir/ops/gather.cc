// take and its gradient: shape, vjp and reference side by side.
#include "ir/horn.h"
#include "ir/ops/make.h"
#include "ir/ops/reference.h"

namespace hornbeam::horn {

using namespace mlir;

namespace {

LogicalResult infer_take(MaybeLocation location, StringRef op, Dims x, Value indices, int64_t axis,
                         llvm::SmallVectorImpl<int64_t>& out) {
  if (failed(check_kind(location, op, indices, Kind::integer)) ||
      failed(check_axes(location, op, axis, static_cast<int64_t>(x.size()), "axis")))
    return failure();
  if (x[axis] == 0)
    return shape_error(location, op,
                       "the axis must not be empty. Received: x.shape=" + text(x) + ", axis=" + std::to_string(axis));
  out.append(x.begin(), x.begin() + axis);
  out.append(dims(indices).begin(), dims(indices).end());
  out.append(x.begin() + axis + 1, x.end());
  return success();
}

// Calls f(x place, y place), flat, for each element of the taken shape y.
template <typename F>
void each_taken(const Shape& x, const Array& indices, const Shape& y, int64_t axis, F f) {
  int64_t y_place = 0, n = indices.shape().rank();
  each_index(y, [&](const std::vector<int64_t>& at) {
    std::vector<int64_t> which(at.begin() + axis, at.begin() + axis + n), from(at.begin(), at.begin() + axis);
    int64_t index = indices.get_int(flat(which, indices.shape()));
    if (indices.dtype() == DType::uint64 && index < 0) index = INT64_MAX;  // beyond int64: beyond the axis
    from.push_back(std::clamp<int64_t>(index, 0, x[axis] - 1));
    from.insert(from.end(), at.begin() + axis + n, at.end());
    f(flat(from, x), y_place++);
  });
}

}  // namespace

// ---- take
LogicalResult TakeOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor a, Types& types) {
  llvm::SmallVector<int64_t> out;
  if (failed(infer_take(location, "take", dims(a.getX()), a.getIndices(), a.getAxis(), out))) return failure();
  types.push_back(ir::tensor_type(out, element(a.getX())));
  return success();
}
void TakeOp::vjp(OpBuilder& b, ValueRange g, llvm::SmallVectorImpl<Value>& grads) {
  if (!is_float(getX())) return grads.append({Value(), Value()});
  grads.append({Make{b, getLoc()}.make<TakeBackwardOp>(getIndices(), g[0], getAxis(), dims(getX())), Value()});
}
std::vector<Array> TakeOp::evaluate(llvm::ArrayRef<Array> in) {
  Array out(in[0].dtype(), ir::shape_of(getResult().getType()));
  each_taken(in[0].shape(), in[1], out.shape(), getAxis(),
             [&](int64_t x, int64_t y) { copy_element(out, y, in[0], x); });
  return {out};
}

// ---- take_backward
LogicalResult TakeBackwardOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor a,
                                               Types& types) {
  llvm::SmallVector<int64_t> out;
  if (failed(check_kind(location, "take_backward", a.getDy(), Kind::floating)) ||
      failed(infer_take(location, "take_backward", a.getInputShape(), a.getIndices(), a.getAxis(), out)))
    return failure();
  if (!fits(dims(a.getDy()), out))
    return shape_error(location, "take_backward",
                       "dy must have the taken shape " + text(Dims(out)) + ". Received: dy.shape=" + text(a.getDy()));
  types.push_back(ir::tensor_type(a.getInputShape(), element(a.getDy())));
  return success();
}
void TakeBackwardOp::vjp(OpBuilder& b, ValueRange g, llvm::SmallVectorImpl<Value>& grads) {
  grads.append({Value(), Make{b, getLoc()}.make<TakeOp>(g[0], getIndices(), getAxis())});
}
std::vector<Array> TakeBackwardOp::evaluate(llvm::ArrayRef<Array> in) {
  Array out(in[1].dtype(), ir::shape_of(getResult().getType()));
  std::vector<double> held(static_cast<size_t>(out.num_elements()), 0.0);
  each_taken(out.shape(), in[0], in[1].shape(), getAxis(), [&](int64_t x, int64_t y) { held[x] += in[1].get(y); });
  for (int64_t i = 0; i < out.num_elements(); ++i) out.set(i, held[i]);
  return {out};
}

}  // namespace hornbeam::horn
