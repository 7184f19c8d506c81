// Uniform and normal numbers, and what follows from them directly.
#include <hornbeam/ops.h>
#include <hornbeam/ops/math.h>
#include <hornbeam/ops/sort.h>
#include <hornbeam/random/distributions.h>

#include <cmath>
#include <numbers>

#include "frontend/src/random/draws.h"

namespace hornbeam::random {

Tensor Seed::next() const {
  if (tensor_) return tensor_;
  if (generator_) return generator_->next();
  auto seed = static_cast<uint64_t>(number_ ? *number_ : draw_seed());
  return Array::of<uint32_t>({2}, {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)});
}

std::vector<Tensor> draws(int64_t number, const Shape& shape, const Tensor& seed) {
  Shape all{number};
  for (int64_t size : shape) all.push_back(size);
  std::vector<Tensor> each;
  for (const Tensor& one : ops::split(uniform(all, seed), number, 0)) each.push_back(ops::reshape(one, shape));
  return each;
}

Tensor standard_normal(const Tensor& first, const Tensor& second) {
  // 1 - first is in (0, 1], where the logarithm is finite.
  return ops::sqrt(ops::log(1.0 - first) * -2.0) * ops::cos(second * (2.0 * std::numbers::pi));
}

void check_float(const char* name, DType dtype) {
  if (!is_float(dtype))
    throw ValueError("`hornbeam::random::" + std::string(name) +
                     "` requires a floating point `dtype`. Received: dtype=" + std::string(name_of(dtype)));
}

Tensor uniform(const Shape& shape, double minval, double maxval, DType dtype, const Seed& seed) {
  check_float("uniform", dtype);
  return drawn("Uniform", {}, seed, [=](const std::vector<Tensor>&, const Tensor& s) {
    return ops::cast(uniform(shape, s) * (maxval - minval) + minval, dtype);
  });
}

Tensor normal(const Shape& shape, double mean, double stddev, DType dtype, const Seed& seed) {
  check_float("normal", dtype);
  return drawn("Normal", {}, seed, [=](const std::vector<Tensor>&, const Tensor& s) {
    std::vector<Tensor> u = draws(2, shape, s);
    return ops::cast(standard_normal(u[0], u[1]) * stddev + mean, dtype);
  });
}

Tensor truncated_normal(const Shape& shape, double mean, double stddev, DType dtype, const Seed& seed) {
  check_float("truncated_normal", dtype);
  return drawn("TruncatedNormal", {}, seed, [=](const std::vector<Tensor>&, const Tensor& s) {
    // The inverse of the distribution function at numbers between its values at -2 and 2.
    const double end = std::erf(2.0 / std::numbers::sqrt2);
    Tensor x = ops::erfinv(uniform(shape, s) * (2.0 * end) - end) * std::numbers::sqrt2;
    return ops::cast(ops::clip(x, -2.0, 2.0) * stddev + mean, dtype);
  });
}

Tensor randint(const Shape& shape, int64_t minval, int64_t maxval, DType dtype, const Seed& seed) {
  if (is_float(dtype) || dtype == DType::boolean)
    throw ValueError("`hornbeam::random::randint` requires an integer `dtype`. Received: dtype=" +
                     std::string(name_of(dtype)));
  if (minval >= maxval)
    throw ValueError("`hornbeam::random::randint` needs minval < maxval. Received: minval=" + std::to_string(minval) +
                     ", maxval=" + std::to_string(maxval));
  return drawn("RandInt", {}, seed, [=](const std::vector<Tensor>&, const Tensor& s) {
    // A draw has 24 bits; of two of them the remainder is even for all but astronomic ranges.
    std::vector<Tensor> u = draws(2, shape, s);
    constexpr double kSteps = 1 << 24;
    Tensor high = ops::cast(u[0] * kSteps, DType::int64), low = ops::cast(u[1] * kSteps, DType::int64);
    Tensor number = high * static_cast<int64_t>(kSteps) + low;
    return ops::cast(ops::mod(number, Array::scalar<int64_t>(maxval - minval)) + Array::scalar<int64_t>(minval), dtype);
  });
}

Tensor categorical(const Tensor& logits, int64_t num_samples, DType dtype, const Seed& seed) {
  if (logits.rank() != 2)
    throw ValueError("`logits` should be a 2-D tensor with shape [batch_size, num_classes]. Received: logits.shape=" +
                     logits.shape().to_string());
  return drawn("Categorical", {logits}, seed, [=](const std::vector<Tensor>& x, const Tensor& s) {
    // The largest of the logits with Gumbel's noise added.
    Tensor u = uniform({x[0].shape()[0], num_samples, x[0].shape()[1]}, s);
    Tensor noise = -ops::log(-ops::log(ops::maximum(u, 1e-30)));
    return ops::cast(ops::argmax(ops::expand_dims(ops::cast(x[0], DType::float32), 1) + noise, -1), dtype);
  });
}

Tensor dropout(const Tensor& inputs, double rate, const std::optional<Shape>& noise_shape, const Seed& seed) {
  if (!(rate >= 0 && rate <= 1))
    throw ValueError("`hornbeam::random::dropout`: rate must be between 0 and 1. Received: rate=" +
                     Config(rate).to_json());
  if (rate == 0) return inputs;
  if (rate == 1) return ops::zeros_like(inputs);
  return drawn("Dropout", {inputs}, seed, [=](const std::vector<Tensor>& x, const Tensor& s) {
    Shape shape = noise_shape ? *noise_shape : x[0].shape();
    for (int64_t axis = 0; axis < shape.rank(); ++axis)
      if (shape[axis] < 0) shape[axis] = x[0].shape()[axis];
    return ops::where(ops::greater_equal(uniform(shape, s), rate), x[0] * (1.0 / (1.0 - rate)), 0.0);
  });
}

Tensor shuffle(const Tensor& x, int64_t axis, const Seed& seed) {
  return drawn("Shuffle", {x}, seed, [=](const std::vector<Tensor>& in, const Tensor& s) {
    return ops::take(in[0], ops::argsort(uniform({in[0].shape()[axis]}, s)), axis);
  });
}

}  // namespace hornbeam::random
