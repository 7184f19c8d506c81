// Pooling and its gradients: shape, vjp and reference side by side.
#include "ir/horn.h"
#include "ir/ops/make.h"
#include "ir/ops/window.h"

namespace hornbeam::horn {

using namespace mlir;
using Arrays = std::vector<Array>;
using In = llvm::ArrayRef<Array>;
using Grads = llvm::SmallVectorImpl<Value>;

namespace {

// The pooled shape of a tensor of shape x.
LogicalResult infer_pool(MaybeLocation location, StringRef op, const Windows& windows, Dims x,
                         llvm::SmallVectorImpl<int64_t>& out) {
  if (failed(infer_windows(location, op, windows, x, out))) return failure();
  // A window that lies in padding alone has no largest element and no mean.
  for (int64_t i = 0; i < windows.n(); ++i)
    if (windows.padding[2 * i] >= windows.size[i] || windows.padding[2 * i + 1] >= windows.size[i])
      return shape_error(location, op, "padding must be smaller than the window. Received: " + windows.text());
  out.push_back(x.back());
  return success();
}

LogicalResult check_pooled(MaybeLocation location, StringRef op, Value dy, Dims expected) {
  if (fits(dims(dy), expected)) return success();
  return shape_error(location, op,
                     "the cotangent must have the pooled shape " + text(expected) + ". Received: " + text(dy));
}

template <typename Op>
Windows windows_of(Op op) {
  return {op.getWindow(), op.getStrides(), op.getPadding(), {}};
}

// Calls f(y place, x places of its window), flat, for each element of the pooled shape.
template <typename F>
void each_window(const Windows& windows, const Shape& x, const Shape& y, F f) {
  int64_t y_place = 0;
  each_index(y, [&](const std::vector<int64_t>& at) {
    std::vector<int64_t> places;
    each_place(windows, x, at, [&](const std::vector<int64_t>& spatial, const std::vector<int64_t>&) {
      std::vector<int64_t> index{at[0]};
      index.insert(index.end(), spatial.begin(), spatial.end());
      index.push_back(at.back());
      places.push_back(flat(index, x));
    });
    f(y_place++, places);
  });
}

// The place of the first maximum, or of the first NaN.
int64_t first_maximum(const Array& x, const std::vector<int64_t>& places) {
  int64_t best = places[0];
  for (int64_t place : places) {
    if (std::isnan(x.get(best))) break;
    if (std::isnan(x.get(place)) || x.get(place) > x.get(best)) best = place;
  }
  return best;
}

Array new_result(Value result) { return Array(ir::dtype_of(result.getType()), ir::shape_of(result.getType())); }

}  // namespace

// ---- max_pool
LogicalResult MaxPoolOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor a, Types& types) {
  if (failed(check_kind(location, "max_pool", a.getX(), Kind::number))) return failure();
  llvm::SmallVector<int64_t> out;
  if (failed(infer_pool(location, "max_pool", windows_of(a), dims(a.getX()), out))) return failure();
  types.push_back(ir::tensor_type(out, element(a.getX())));
  return success();
}
void MaxPoolOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  if (!is_float(getX())) return grads.push_back({});
  grads.push_back(Make{b, getLoc()}.make<MaxPoolBackwardOp>(getX(), g[0], getWindow(), getStrides(), getPadding()));
}
Arrays MaxPoolOp::evaluate(In in) {
  Array out = new_result(getResult());
  each_window(windows_of(*this), in[0].shape(), out.shape(),
              [&](int64_t y, const auto& places) { copy_element(out, y, in[0], first_maximum(in[0], places)); });
  return {out};
}

// ---- max_pool_backward
LogicalResult MaxPoolBackwardOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor a,
                                                  Types& types) {
  if (failed(check_kind(location, "max_pool_backward", a.getX(), Kind::floating))) return failure();
  llvm::SmallVector<int64_t> out;
  if (failed(infer_pool(location, "max_pool_backward", windows_of(a), dims(a.getX()), out)) ||
      failed(check_pooled(location, "max_pool_backward", a.getDy(), out)))
    return failure();
  types.push_back(a.getX().getType());
  return success();
}
void MaxPoolBackwardOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {  // linear in dy; x only says where
  grads.push_back({});
  grads.push_back(Make{b, getLoc()}.make<MaxPoolGatherOp>(getX(), g[0], getWindow(), getStrides(), getPadding()));
}
Arrays MaxPoolBackwardOp::evaluate(In in) {
  Array out = new_result(getResult());
  std::vector<double> held(static_cast<size_t>(out.num_elements()), 0.0);
  each_window(windows_of(*this), in[0].shape(), in[1].shape(),
              [&](int64_t y, const auto& places) { held[first_maximum(in[0], places)] += in[1].get(y); });
  for (int64_t i = 0; i < out.num_elements(); ++i) out.set(i, held[i]);
  return {out};
}

// ---- max_pool_gather
LogicalResult MaxPoolGatherOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor a,
                                                Types& types) {
  if (failed(infer_elementwise(location, "max_pool_gather", ValueRange{a.getX(), a.getG()}, Kind::floating,
                               Returns::same, types)))
    return failure();
  types.clear();
  llvm::SmallVector<int64_t> out;
  if (failed(infer_pool(location, "max_pool_gather", windows_of(a), dims(a.getX()), out))) return failure();
  types.push_back(ir::tensor_type(out, element(a.getG())));
  return success();
}
void MaxPoolGatherOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  grads.push_back({});
  grads.push_back(Make{b, getLoc()}.make<MaxPoolBackwardOp>(getX(), g[0], getWindow(), getStrides(), getPadding()));
}
Arrays MaxPoolGatherOp::evaluate(In in) {
  Array out = new_result(getResult());
  each_window(windows_of(*this), in[0].shape(), out.shape(),
              [&](int64_t y, const auto& places) { copy_element(out, y, in[1], first_maximum(in[0], places)); });
  return {out};
}

// ---- avg_pool
LogicalResult AvgPoolOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor a, Types& types) {
  if (failed(check_kind(location, "avg_pool", a.getX(), Kind::floating))) return failure();
  llvm::SmallVector<int64_t> out;
  if (failed(infer_pool(location, "avg_pool", windows_of(a), dims(a.getX()), out))) return failure();
  types.push_back(ir::tensor_type(out, element(a.getX())));
  return success();
}
void AvgPoolOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  grads.push_back(
      Make{b, getLoc()}.make<AvgPoolBackwardOp>(g[0], dims(getX()), getWindow(), getStrides(), getPadding()));
}
Arrays AvgPoolOp::evaluate(In in) {
  Array out = new_result(getResult());
  each_window(windows_of(*this), in[0].shape(), out.shape(), [&](int64_t y, const auto& places) {
    double sum = 0;
    for (int64_t place : places) sum += in[0].get(place);
    out.set(y, sum / static_cast<double>(places.size()));
  });
  return {out};
}

// ---- avg_pool_backward
LogicalResult AvgPoolBackwardOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor a,
                                                  Types& types) {
  if (failed(check_kind(location, "avg_pool_backward", a.getDy(), Kind::floating))) return failure();
  llvm::SmallVector<int64_t> out;
  if (failed(infer_pool(location, "avg_pool_backward", windows_of(a), a.getInputShape(), out)) ||
      failed(check_pooled(location, "avg_pool_backward", a.getDy(), out)))
    return failure();
  types.push_back(ir::tensor_type(a.getInputShape(), element(a.getDy())));
  return success();
}
void AvgPoolBackwardOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  grads.push_back(Make{b, getLoc()}.make<AvgPoolOp>(g[0], getWindow(), getStrides(), getPadding()));
}
Arrays AvgPoolBackwardOp::evaluate(In in) {
  Array out = new_result(getResult());
  std::vector<double> held(static_cast<size_t>(out.num_elements()), 0.0);
  each_window(windows_of(*this), out.shape(), in[0].shape(), [&](int64_t y, const auto& places) {
    for (int64_t place : places) held[place] += in[0].get(y) / static_cast<double>(places.size());
  });
  for (int64_t i = 0; i < out.num_elements(); ++i) out.set(i, held[i]);
  return {out};
}

}  // namespace hornbeam::horn
