// Uniform, normal and truncated normal numbers on Philox, and Keras' fans.
#include "frontend/src/initializers/sampling.h"

#include <hornbeam/base/error.h>
#include <hornbeam/base/philox.h>
#include <hornbeam/random.h>

#include <cmath>
#include <numbers>

namespace hornbeam::initializers {
namespace {

std::array<uint32_t, 4> words(const std::array<uint32_t, 2>& key, int64_t i, uint32_t attempt) {
  return philox4x32({static_cast<uint32_t>(i), static_cast<uint32_t>(static_cast<uint64_t>(i) >> 32), attempt, 0}, key);
}

}  // namespace

Sampler::Sampler(std::optional<int64_t> seed) {
  uint64_t bits = static_cast<uint64_t>(seed ? *seed : draw_seed());
  key_ = {static_cast<uint32_t>(bits), static_cast<uint32_t>(bits >> 32)};
}

float Sampler::uniform(int64_t i) const { return unit_float(words(key_, i, 0)[0]); }

std::array<double, 2> Sampler::normal_pair(int64_t i, uint32_t attempt) const {
  auto w = words(key_, i, attempt);
  double u = (static_cast<double>(w[0]) + 1.0) * 0x1p-32;  // (0, 1]: its logarithm is finite
  double angle = 2.0 * std::numbers::pi * (static_cast<double>(w[1]) * 0x1p-32);
  double radius = std::sqrt(-2.0 * std::log(u));
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

double Sampler::normal(int64_t i) const { return normal_pair(i, 0)[0]; }

double Sampler::truncated_normal(int64_t i) const {
  for (uint32_t attempt = 0;; ++attempt)
    for (double z : normal_pair(i, attempt))
      if (std::abs(z) < 2.0) return z;
}

std::pair<int64_t, int64_t> compute_fans(const Shape& shape, const std::vector<int64_t>& input_axes,
                                         const std::vector<int64_t>& output_axes) {
  auto product = [&](const std::vector<int64_t>& axes) {
    int64_t result = 1;
    for (int64_t axis : axes) {
      if (axis < -shape.rank() || axis >= shape.rank())
        throw ValueError("[VarianceScaling] The axis " + std::to_string(axis) +
                         " is out of bounds for a weight of shape " + shape.to_string());
      result *= shape[axis];
    }
    return result;
  };
  if (!input_axes.empty() && !output_axes.empty()) return {product(input_axes), product(output_axes)};
  if (shape.rank() == 0) return {1, 1};
  if (shape.rank() == 1) return {shape[0], shape[0]};
  int64_t receptive_field = 1;
  for (int64_t axis = 0; axis + 2 < shape.rank(); ++axis) receptive_field *= shape[axis];
  return {shape[-2] * receptive_field, shape[-1] * receptive_field};
}

}  // namespace hornbeam::initializers
