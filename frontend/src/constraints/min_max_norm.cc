// MinMaxNorm.
#include <hornbeam/constraints/min_max_norm.h>
#include <hornbeam/ops.h>

#include "frontend/src/constraints/norms.h"

namespace hornbeam::constraints {

static const Register<MinMaxNorm> registered{"MinMaxNorm", "keras.constraints"};

MinMaxNorm::MinMaxNorm(MinMaxNormOptions options) : options_(std::move(options)) {}

Tensor MinMaxNorm::call(const Tensor& w) const {
  Tensor n = norms(w, options_.axis);
  Tensor desired = options_.rate * ops::clip(n, options_.min_value, options_.max_value) + (1.0 - options_.rate) * n;
  return rescaled(w, n, desired);
}

Config MinMaxNorm::config() const {
  return Config::object({{"min_value", options_.min_value},
                         {"max_value", options_.max_value},
                         {"rate", options_.rate},
                         {"axis", axes_config(options_.axis)}});
}

MinMaxNorm MinMaxNorm::from_config(const Config& config) {
  MinMaxNormOptions options;
  config.read("min_value", options.min_value);
  config.read("max_value", options.max_value);
  config.read("rate", options.rate);
  if (const Config* axis = config.find("axis")) options.axis = axes_from_config(*axis);
  return MinMaxNorm(std::move(options));
}

}  // namespace hornbeam::constraints
