// UnitNorm.
#include <hornbeam/constraints/unit_norm.h>
#include <hornbeam/ops.h>

#include "frontend/src/constraints/norms.h"

namespace hornbeam::constraints {

static const Register<UnitNorm> registered{"UnitNorm", "keras.constraints"};

UnitNorm::UnitNorm(UnitNormOptions options) : options_(std::move(options)) {}

Tensor UnitNorm::call(const Tensor& w) const {
  Tensor n = norms(w, options_.axis);
  return rescaled(w, n, ops::ones_like(n));
}

Config UnitNorm::config() const { return Config::object({{"axis", axes_config(options_.axis)}}); }

UnitNorm UnitNorm::from_config(const Config& config) {
  UnitNormOptions options;
  if (const Config* axis = config.find("axis")) options.axis = axes_from_config(*axis);
  return UnitNorm(std::move(options));
}

}  // namespace hornbeam::constraints
