// The activation functions.
#include <hornbeam/activations/activations.h>
#include <hornbeam/ops.h>
#include <hornbeam/ops/math.h>

#include <cmath>
#include <numbers>

namespace hornbeam::activations {
namespace {

// Integers take part as float32.
Tensor floating(const Tensor& x) { return is_float(x.dtype()) ? x : ops::cast(x, config::floatx()); }

// The axis counted from the front.
int64_t normalized(const Tensor& x, int64_t axis, const char* name) {
  if (axis < -x.rank() || axis >= x.rank())
    throw ValueError("[" + std::string(name) + "] `axis` is out of bounds. Received: axis=" + std::to_string(axis) +
                     " and x of shape " + x.shape().to_string());
  return axis < 0 ? axis + x.rank() : axis;
}

}  // namespace

Tensor linear(const Tensor& x) { return x; }

Tensor relu(const Tensor& x, double negative_slope, std::optional<double> max_value, double threshold) {
  Tensor positive = threshold != 0 ? ops::where(ops::greater(x, threshold), x, 0) : ops::relu(x);
  if (max_value) positive = ops::clip(positive, 0.0, *max_value);
  if (negative_slope == 0) return positive;
  return positive - negative_slope * ops::relu(threshold - x);
}

Tensor relu6(const Tensor& x) { return ops::minimum(ops::relu(x), 6); }

Tensor leaky_relu(const Tensor& x, double negative_slope) {
  return ops::where(ops::greater(x, 0), x, x * negative_slope);
}

// expm1 sees no positive numbers: where it is not taken it must not overflow, which would spoil the gradient.
Tensor elu(const Tensor& x, double alpha) {
  Tensor y = floating(x), positive = ops::greater(y, 0);
  return ops::where(positive, y, alpha * ops::expm1(ops::where(positive, 0.0, y)));
}

Tensor selu(const Tensor& x) {
  constexpr double kAlpha = 1.6732632423543772848170429916717, kScale = 1.0507009873554804934193349852946;
  return kScale * elu(x, kAlpha);
}

Tensor celu(const Tensor& x, double alpha) {
  Tensor y = floating(x), positive = ops::greater(y, 0);
  return ops::where(positive, y, alpha * ops::expm1(ops::where(positive, 0.0, y) / alpha));
}

Tensor sigmoid(const Tensor& x) { return ops::sigmoid(x); }
Tensor hard_sigmoid(const Tensor& x) { return ops::clip(floating(x) / 6.0 + 0.5, 0.0, 1.0); }
Tensor log_sigmoid(const Tensor& x) { return -ops::softplus(-floating(x)); }
Tensor sparse_sigmoid(const Tensor& x) { return ops::clip((floating(x) + 1.0) * 0.5, 0.0, 1.0); }
Tensor tanh(const Tensor& x) { return ops::tanh(x); }
Tensor hard_tanh(const Tensor& x) { return ops::clip(x, -1, 1); }
Tensor tanh_shrink(const Tensor& x) { return x - ops::tanh(x); }
Tensor softplus(const Tensor& x) { return ops::softplus(x); }

Tensor softsign(const Tensor& x) {
  Tensor y = floating(x);
  return y / (1.0 + ops::abs(y));
}

Tensor squareplus(const Tensor& x, double b) {
  Tensor y = floating(x);
  return (y + ops::sqrt(ops::square(y) + b)) * 0.5;
}

Tensor sparse_plus(const Tensor& x) {
  Tensor y = floating(x);
  Tensor inside = 0.25 * ops::square(y + 1.0);
  return ops::where(ops::less_equal(y, -1), 0.0, ops::where(ops::less(y, 1), inside, y));
}

Tensor exponential(const Tensor& x) { return ops::exp(x); }

Tensor gelu(const Tensor& x, bool approximate) {
  Tensor y = floating(x);
  // 1 + erf is the faster of the two, and in float32 as good; 16-bit steps are those of Keras.
  if (!approximate && result_type(y.dtype(), DType::float32) != y.dtype())
    return 0.5 * y * ops::erfc(-y * std::sqrt(0.5));
  if (!approximate) return 0.5 * y * (1.0 + ops::erf(y * (1.0 / std::numbers::sqrt2)));
  const double scale = std::numbers::sqrt2 * std::numbers::inv_sqrtpi;  // sqrt(2 / pi)
  return 0.5 * y * (1.0 + ops::tanh(scale * (y + 0.044715 * (y * y * y))));
}

Tensor silu(const Tensor& x) { return ops::silu(x); }
Tensor hard_silu(const Tensor& x) { return x * hard_sigmoid(x); }

Tensor mish(const Tensor& x) {
  Tensor y = floating(x);
  return y * ops::tanh(ops::softplus(y));
}

Tensor hard_shrink(const Tensor& x, double threshold) { return ops::where(ops::greater(ops::abs(x), threshold), x, 0); }

Tensor soft_shrink(const Tensor& x, double threshold) {
  Tensor y = floating(x);
  return ops::where(ops::greater(y, threshold), y - threshold,
                    ops::where(ops::less(y, -threshold), y + threshold, 0.0));
}

Tensor threshold(const Tensor& x, double threshold, double default_value) {
  Tensor y = floating(x);
  return ops::where(ops::greater(y, threshold), y, default_value);
}

Tensor softmax(const Tensor& x, int64_t axis) { return ops::softmax(x, axis); }
Tensor log_softmax(const Tensor& x, int64_t axis) { return ops::log_softmax(x, axis); }

Tensor sparsemax(const Tensor& x, int64_t axis) {
  axis = normalized(x, axis, "sparsemax");
  Tensor z = ops::moveaxis(floating(x), axis, -1);
  // Instead of sorting: for each z_j, the number and the sum of those that come before it in descending order (of equal
  // ones, by place) and itself.
  Tensor mine = ops::expand_dims(z, -1), other = ops::expand_dims(z, -2);
  Tensor place = ops::arange(0, z.shape()[-1]);
  Tensor earlier = ops::less_equal(ops::expand_dims(place, 0), ops::expand_dims(place, 1));
  Tensor before = ops::logical_or(ops::greater(other, mine), ops::logical_and(ops::equal(other, mine), earlier));
  Tensor weight = ops::cast(before, z.dtype());
  Tensor rank = ops::sum(weight, -1), running_sum = ops::sum(weight * other, -1);
  Tensor support = ops::cast(ops::greater(z - (running_sum - 1.0) / rank, 0), z.dtype());
  // Keras adds up the running sums of the support where the paper takes the last of them.
  Tensor excess = ops::sum(support * running_sum, -1, /*keepdims=*/true) - 1.0;
  Tensor tau = excess / ops::sum(support, -1, /*keepdims=*/true);
  return ops::moveaxis(ops::relu(z - tau), -1, axis);
}

Tensor glu(const Tensor& x, int64_t axis) {
  axis = normalized(x, axis, "glu");
  if (x.shape()[axis] % 2 != 0)
    throw ValueError("[glu] The size of `axis` must be divisible by 2. Received: x of shape " + x.shape().to_string() +
                     " with axis=" + std::to_string(axis));
  std::vector<Tensor> halves = ops::split(x, 2, axis);
  return halves[0] * ops::sigmoid(halves[1]);
}

namespace {

using Register = Activation::Register;
const Register registered[] = {
    {{"linear"}, linear},
    {{"relu"}, [](const Tensor& x) { return relu(x); }},
    {{"relu6"}, relu6},
    {{"leaky_relu"}, [](const Tensor& x) { return leaky_relu(x); }},
    {{"elu"}, [](const Tensor& x) { return elu(x); }},
    {{"selu"}, selu},
    {{"celu"}, [](const Tensor& x) { return celu(x); }},
    {{"sigmoid"}, sigmoid},
    {{"hard_sigmoid"}, hard_sigmoid},
    {{"log_sigmoid"}, log_sigmoid},
    {{"sparse_sigmoid"}, sparse_sigmoid},
    {{"tanh"}, tanh},
    {{"hard_tanh"}, hard_tanh},
    {{"tanh_shrink"}, tanh_shrink},
    {{"softplus"}, softplus},
    {{"softsign"}, softsign},
    {{"squareplus"}, [](const Tensor& x) { return squareplus(x); }},
    {{"sparse_plus"}, sparse_plus},
    {{"exponential"}, exponential},
    {{"gelu"}, [](const Tensor& x) { return gelu(x); }},
    {{"silu", "swish"}, silu},
    {{"hard_silu", "hard_swish"}, hard_silu},
    {{"mish"}, mish},
    {{"hard_shrink"}, [](const Tensor& x) { return hard_shrink(x); }},
    {{"soft_shrink"}, [](const Tensor& x) { return soft_shrink(x); }},
    {{"softmax"}, [](const Tensor& x) { return softmax(x); }},
    {{"log_softmax"}, [](const Tensor& x) { return log_softmax(x); }},
    {{"sparsemax"}, [](const Tensor& x) { return sparsemax(x); }},
    {{"glu"}, [](const Tensor& x) { return glu(x); }},
};

}  // namespace
}  // namespace hornbeam::activations
