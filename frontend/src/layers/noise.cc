#include "frontend/src/layers/noise.h"

#include <numbers>

#include <hornbeam/config.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/shape.h>

namespace hornbeam::layers {

void check_rate(const std::string& class_name, double rate) {
  if (!(rate >= 0 && rate <= 1))
    throw ValueError("[" + class_name + "] rate must be between 0 and 1. Received: rate=" + Config(rate).to_json());
}

Tensor dropout(const Tensor& x, double rate, const Shape& noise, const Tensor& seed) {
  Tensor draws = random::uniform(noise, seed);
  if (rate == 1) return ops::zeros_like(x);
  return ops::where(ops::greater_equal(draws, rate), x * (1 / (1 - rate)), 0);
}

Tensor standard_normal(const Shape& shape, const Tensor& seed) {
  Shape two{2};
  for (int64_t dim : shape) two.push_back(dim);
  Tensor draws = random::uniform(two, seed);
  Tensor first = ops::reshape(ops::slice_axis(draws, 0, 0, 1), shape);
  Tensor second = ops::reshape(ops::slice_axis(draws, 0, 1, 2), shape);
  // 1 - a draw is in (0, 1], where the logarithm is finite.
  return ops::sqrt(-2 * ops::log(1 - first)) * ops::cos(2 * std::numbers::pi * second);
}

}  // namespace hornbeam::layers
