// Normalization.
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/normalization.h>
#include <hornbeam/ops/reduce.h>
#include <hornbeam/ops/shape.h>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {
namespace {

using Xs = std::vector<Tensor>;
using List = std::vector<int64_t>;

Config axis_argument(const Axes& axis) {
  return Config::object({{"axis", axis.all() ? Config() : Config(axis.given())}});
}

// Where each given tensor stands among the inputs; those not given are -1.
struct Optional {
  Xs all;
  int add(const Tensor& x) {
    if (!x) return -1;
    all.push_back(x);
    return static_cast<int>(all.size()) - 1;
  }
};

Tensor at_least_float32(const Tensor& x) { return to_dtype(x, result_type(to_float(x).dtype(), DType::float32)); }

// A vector (or more) over `axes` as a tensor that broadcasts against x.
Tensor along(const Tensor& v, const Tensor& x, const List& axes) {
  if (v.rank() == x.rank()) return v;
  Shape shape(List(x.rank(), 1));
  for (int64_t axis : axes) shape[axis] = x.shape()[axis];
  return reshape(v, shape);
}

}  // namespace

Moments moments(const Tensor& x, Axes axes, bool keepdims) {
  Config arguments = Config::object({{"axes", axes.all() ? Config() : Config(axes.given())}, {"keepdims", keepdims}});
  Xs both = apply_many("Moments", {x}, arguments, [=](const Xs& xs) {
    Tensor in = at_least_float32(xs[0]);
    DType dtype = to_float(xs[0]).dtype();
    return Xs{to_dtype(mean(in, axes, keepdims), dtype), to_dtype(var(in, axes, keepdims), dtype)};
  });
  return {both[0], both[1]};
}

Tensor batch_normalization(const Tensor& x, const Tensor& mean, const Tensor& variance, int64_t axis,
                           const Tensor& offset, const Tensor& scale, double epsilon) {
  Optional inputs{{x, mean, variance}};
  int offset_at = inputs.add(offset), scale_at = inputs.add(scale);
  return apply("BatchNorm", inputs.all, Config::object({{"axis", axis}, {"epsilon", epsilon}}), [=](const Xs& t) {
    Tensor in = to_float(t[0]);
    List axes{canonical_axis(axis, in.rank(), "batch_normalization")};
    auto vector = [&](int i) { return along(to_dtype(t[i], in.dtype()), in, axes); };
    Tensor factor = rsqrt(add(vector(2), epsilon));
    if (scale_at >= 0) factor = multiply(factor, vector(scale_at));
    Tensor shift = negative(multiply(vector(1), factor));
    if (offset_at >= 0) shift = add(shift, vector(offset_at));
    return add(multiply(in, factor), shift);
  });
}

Tensor layer_normalization(const Tensor& x, const Tensor& gamma, const Tensor& beta, Axes axis, double epsilon) {
  Optional inputs{{x}};
  int gamma_at = inputs.add(gamma), beta_at = inputs.add(beta);
  Config arguments = axis_argument(axis);
  arguments["epsilon"] = epsilon;
  return apply("LayerNorm", inputs.all, arguments, [=](const Xs& t) {
    Tensor in = at_least_float32(t[0]);
    List axes = canonical_axes(axis.given(), in.rank(), "layer_normalization");
    auto parameter = [&](int i) { return along(to_dtype(t[i], in.dtype()), in, axes); };
    Tensor centred = subtract(in, mean(in, axes, true));
    Tensor y = multiply(centred, rsqrt(add(mean(multiply(centred, centred), axes, true), epsilon)));
    if (gamma_at >= 0) y = multiply(y, parameter(gamma_at));
    if (beta_at >= 0) y = add(y, parameter(beta_at));
    return to_dtype(y, to_float(t[0]).dtype());
  });
}

Tensor rms_normalization(const Tensor& x, const Tensor& scale, Axes axis, double epsilon) {
  Optional inputs{{x}};
  int scale_at = inputs.add(scale);
  Config arguments = axis_argument(axis);
  arguments["epsilon"] = epsilon;
  return apply("RMSNorm", inputs.all, arguments, [=](const Xs& t) {
    Tensor in = at_least_float32(t[0]);
    if (in.rank() == 0) in = reshape(in, {1});
    Tensor y = multiply(in, rsqrt(add(mean(multiply(in, in), axis, true), epsilon)));
    // Unreshaped, as Keras does: it broadcasts against the last axes.
    if (scale_at >= 0) y = multiply(y, to_dtype(t[scale_at], in.dtype()));
    return to_dtype(y, to_float(t[0]).dtype());
  });
}

Tensor normalize(const Tensor& x, Axes axis, int64_t order, double epsilon) {
  if (order < 1) throw ValueError("Argument `order` must be an int >= 1. Received: order=" + std::to_string(order));
  Config arguments = axis_argument(axis);
  arguments["order"] = order;
  arguments["epsilon"] = epsilon;
  return composed_unary(
      "Normalize", x,
      [=](const Tensor& x) {
        Tensor in = to_float(x);
        if (in.rank() == 0) in = reshape(in, {1});
        if (order == 2) {
          // The bound is inside the root, so that the gradient at 0 is finite.
          return multiply(in, rsqrt(maximum(sum(multiply(in, in), axis, true), epsilon * epsilon)));
        }
        Tensor size = abs(in), norm;
        if (order == 1) {
          norm = sum(size, axis, true);
        } else {
          Tensor power_sum = sum(power(size, static_cast<double>(order)), axis, true), zero = equal(power_sum, 0);
          norm = where(zero, 0, power(where(zero, 1, power_sum), 1.0 / static_cast<double>(order)));
        }
        return divide(in, maximum(norm, epsilon));
      },
      arguments);
}

}  // namespace hornbeam::ops
