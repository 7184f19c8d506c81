// Norms along axes.
#include "frontend/src/constraints/norms.h"

#include <hornbeam/ops.h>

namespace hornbeam::constraints {

std::vector<int64_t> axes_from_config(const Config& config) {
  std::vector<int64_t> axes;
  if (config.is_array())
    config.to(axes);
  else
    axes = {config.as_int()};
  return axes;
}

Config axes_config(const std::vector<int64_t>& axes) { return axes.size() == 1 ? Config(axes[0]) : Config(axes); }

Tensor norms(const Tensor& w, const std::vector<int64_t>& axes) {
  return ops::sqrt(ops::sum(ops::square(w), axes, /*keepdims=*/true));
}

Tensor rescaled(const Tensor& w, const Tensor& norms, const Tensor& desired) {
  return w * (desired / (config::epsilon() + norms));
}

}  // namespace hornbeam::constraints
