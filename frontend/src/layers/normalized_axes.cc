#include "frontend/src/layers/normalized_axes.h"

#include <algorithm>

#include <hornbeam/ops/shape.h>

#include "frontend/src/layers/checks.h"

namespace hornbeam::layers {
namespace {

std::vector<int64_t> sorted(const Axes& axes) {
  std::vector<int64_t> out = axes.given();
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

Axes axes_from(const Config& config) {
  if (config.is_number()) return config.as_int();
  std::vector<int64_t> axes;
  config.to(axes);
  return axes;
}

Config as_list(const Axes& axes) { return sorted(axes); }

Config as_given(const Axes& axes) { return axes.given().size() == 1 ? Config(axes.given()[0]) : Config(axes.given()); }

void check_axes(const Layer& layer, const Axes& axes, const Shape& input) {
  for (int64_t axis : axes.given())
    if (axis >= input.rank() || axis < -input.rank())
      throw ValueError(incompatible(layer) + "axis=" + std::to_string(axis) +
                       " is out of range. Full shape received: " + input.to_string());
}

Shape sizes_of(const Layer& layer, const Axes& axes, const Shape& input) {
  Shape sizes;
  for (int64_t axis : sorted(axes)) {
    check_known_axis(layer, input, axis);
    sizes.push_back(input[axis]);
  }
  return sizes;
}

Tensor along(const Tensor& weight, const Axes& axes, const Tensor& x) {
  Shape shape(std::vector<int64_t>(static_cast<size_t>(x.rank()), 1));
  for (int64_t axis : axes.given()) shape[axis] = x.shape()[axis];
  return ops::reshape(weight, shape);
}

}  // namespace hornbeam::layers
