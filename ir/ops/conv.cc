// Convolution and its two gradients: shape, vjp and reference side by side.
#include "ir/horn.h"
#include "ir/ops/make.h"
#include "ir/ops/window.h"

namespace hornbeam::horn {

using namespace mlir;
using Arrays = std::vector<Array>;
using In = llvm::ArrayRef<Array>;
using Grads = llvm::SmallVectorImpl<Value>;

namespace {

// The result's shape of a convolution of x with a kernel of this shape.
LogicalResult infer_conv(MaybeLocation location, StringRef op, Dims x, Dims kernel, Dims strides, Dims padding,
                         Dims dilation, int64_t groups, llvm::SmallVectorImpl<int64_t>& out) {
  std::string received =
      "Received: x.shape=" + text(x) + ", kernel.shape=" + text(kernel) + ", groups=" + std::to_string(groups);
  if (kernel.size() != x.size() || x.size() < 3)
    return shape_error(location, op,
                       "expected x [N, spatial…, C] and a kernel [spatial…, C/groups, F] of equal rank. " + received);
  Windows windows{kernel.drop_back(2), strides, padding, dilation};
  if (failed(infer_windows(location, op, windows, x, out))) return failure();
  int64_t channels = x.back(), group_channels = kernel[kernel.size() - 2], filters = kernel.back();
  bool ok = groups >= 1 && (unknown(filters) || filters % groups == 0) &&
            (unknown(channels) || unknown(group_channels) || channels == group_channels * groups);
  if (!ok)
    return shape_error(
        location, op,
        "the input's channels must equal groups times the kernel's, and its filters be divisible by groups. " +
            received);
  out.push_back(filters);
  return success();
}

LogicalResult check_dy(MaybeLocation location, StringRef op, Value dy, Dims expected) {
  if (fits(dims(dy), expected)) return success();
  return shape_error(location, op,
                     "dy must have the convolution's shape " + text(expected) + ". Received: dy.shape=" + text(dy));
}

// Calls f(x place, kernel place, y place), all flat, for each product that a convolution sums.
template <typename F>
void each_product(const Windows& windows, const Shape& x, const Shape& kernel, const Shape& y, int64_t groups, F f) {
  int64_t group_channels = kernel[-2], filters_per_group = kernel[-1] / groups;
  int64_t y_place = 0;
  each_index(y, [&](const std::vector<int64_t>& at) {
    int64_t filter = at.back(), group = filter / filters_per_group;
    each_place(windows, x, at, [&](const std::vector<int64_t>& places, const std::vector<int64_t>& offset) {
      std::vector<int64_t> x_index{at[0]}, k_index(offset);
      x_index.insert(x_index.end(), places.begin(), places.end());
      x_index.push_back(0);
      k_index.insert(k_index.end(), {0, filter});
      for (int64_t channel = 0; channel < group_channels; ++channel) {
        x_index.back() = group * group_channels + channel;
        k_index[k_index.size() - 2] = channel;
        f(flat(x_index, x), flat(k_index, kernel), y_place);
      }
    });
    ++y_place;
  });
}

// Sums products into a result of this type, held as double.
template <typename Op, typename F>
Arrays sum_products(Op op, const Shape& x, const Shape& kernel, const Shape& y, F f) {
  Array out(ir::dtype_of(op.getResult().getType()), ir::shape_of(op.getResult().getType()));
  std::vector<double> held(static_cast<size_t>(out.num_elements()), 0.0);
  Windows windows{Dims(kernel.dims()).drop_back(2), op.getStrides(), op.getPadding(), op.getDilation()};
  each_product(windows, x, kernel, y, op.getGroups(), [&](int64_t xp, int64_t kp, int64_t yp) { f(held, xp, kp, yp); });
  for (int64_t i = 0; i < out.num_elements(); ++i) out.set(i, held[i]);
  return {out};
}

}  // namespace

// ---- conv
LogicalResult ConvOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor a, Types& types) {
  if (failed(check_kind(location, "conv", a.getX(), Kind::floating))) return failure();
  if (element(a.getX()) != element(a.getKernel()))
    return shape_error(
        location, "conv",
        "x and kernel must have one dtype. Received: " + std::string(name_of(ir::dtype_of(a.getX().getType()))) +
            " and " + std::string(name_of(ir::dtype_of(a.getKernel().getType()))));
  llvm::SmallVector<int64_t> out;
  if (failed(infer_conv(location, "conv", dims(a.getX()), dims(a.getKernel()), a.getStrides(), a.getPadding(),
                        a.getDilation(), a.getGroups(), out)))
    return failure();
  types.push_back(ir::tensor_type(out, element(a.getX())));
  return success();
}
void ConvOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {
  Make m{b, getLoc()};
  grads.push_back(m.make<ConvBackwardDataOp>(g[0], getKernel(), dims(getX()), getStrides(), getPadding(), getDilation(),
                                             getGroups()));
  grads.push_back(m.make<ConvBackwardKernelOp>(getX(), g[0], dims(getKernel()), getStrides(), getPadding(),
                                               getDilation(), getGroups()));
}
Arrays ConvOp::evaluate(In in) {
  return sum_products(*this, in[0].shape(), in[1].shape(), ir::shape_of(getResult().getType()),
                      [&](auto& y, int64_t xp, int64_t kp, int64_t yp) { y[yp] += in[0].get(xp) * in[1].get(kp); });
}

// ---- conv_backward_data
LogicalResult ConvBackwardDataOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor a,
                                                   Types& types) {
  if (failed(check_kind(location, "conv_backward_data", a.getDy(), Kind::floating))) return failure();
  llvm::SmallVector<int64_t> out;
  if (failed(infer_conv(location, "conv_backward_data", a.getInputShape(), dims(a.getKernel()), a.getStrides(),
                        a.getPadding(), a.getDilation(), a.getGroups(), out)) ||
      failed(check_dy(location, "conv_backward_data", a.getDy(), out)))
    return failure();
  types.push_back(ir::tensor_type(a.getInputShape(), element(a.getDy())));
  return success();
}
void ConvBackwardDataOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {  // linear in dy and in the kernel
  Make m{b, getLoc()};
  grads.push_back(m.make<ConvOp>(g[0], getKernel(), getStrides(), getPadding(), getDilation(), getGroups()));
  grads.push_back(m.make<ConvBackwardKernelOp>(g[0], getDy(), dims(getKernel()), getStrides(), getPadding(),
                                               getDilation(), getGroups()));
}
Arrays ConvBackwardDataOp::evaluate(In in) {
  return sum_products(*this, ir::shape_of(getResult().getType()), in[1].shape(), in[0].shape(),
                      [&](auto& dx, int64_t xp, int64_t kp, int64_t yp) { dx[xp] += in[0].get(yp) * in[1].get(kp); });
}

// ---- conv_backward_kernel
LogicalResult ConvBackwardKernelOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor a,
                                                     Types& types) {
  if (failed(check_kind(location, "conv_backward_kernel", a.getX(), Kind::floating))) return failure();
  llvm::SmallVector<int64_t> out;
  if (failed(infer_conv(location, "conv_backward_kernel", dims(a.getX()), a.getKernelShape(), a.getStrides(),
                        a.getPadding(), a.getDilation(), a.getGroups(), out)) ||
      failed(check_dy(location, "conv_backward_kernel", a.getDy(), out)))
    return failure();
  types.push_back(ir::tensor_type(a.getKernelShape(), element(a.getX())));
  return success();
}
void ConvBackwardKernelOp::vjp(OpBuilder& b, ValueRange g, Grads& grads) {  // linear in x and in dy
  Make m{b, getLoc()};
  grads.push_back(
      m.make<ConvBackwardDataOp>(getDy(), g[0], dims(getX()), getStrides(), getPadding(), getDilation(), getGroups()));
  grads.push_back(m.make<ConvOp>(getX(), g[0], getStrides(), getPadding(), getDilation(), getGroups()));
}
Arrays ConvBackwardKernelOp::evaluate(In in) {
  return sum_products(*this, in[0].shape(), ir::shape_of(getResult().getType()), in[1].shape(),
                      [&](auto& dk, int64_t xp, int64_t kp, int64_t yp) { dk[kp] += in[0].get(xp) * in[1].get(yp); });
}

}  // namespace hornbeam::horn
