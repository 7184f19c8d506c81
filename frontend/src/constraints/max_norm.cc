// MaxNorm.
#include <hornbeam/constraints/max_norm.h>
#include <hornbeam/ops.h>

#include "frontend/src/constraints/norms.h"

namespace hornbeam::constraints {

static const Register<MaxNorm> registered{"MaxNorm", "keras.constraints"};

MaxNorm::MaxNorm(MaxNormOptions options) : options_(std::move(options)) {}

Tensor MaxNorm::call(const Tensor& w) const {
  Tensor n = norms(w, options_.axis);
  return rescaled(w, n, ops::clip(n, 0.0, options_.max_value));
}

Config MaxNorm::config() const {
  return Config::object({{"max_value", options_.max_value}, {"axis", axes_config(options_.axis)}});
}

MaxNorm MaxNorm::from_config(const Config& config) {
  MaxNormOptions options;
  config.read("max_value", options.max_value);
  if (const Config* axis = config.find("axis")) options.axis = axes_from_config(*axis);
  return MaxNorm(std::move(options));
}

}  // namespace hornbeam::constraints
