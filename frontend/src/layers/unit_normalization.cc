#include <hornbeam/layers/unit_normalization.h>

#include <hornbeam/ops/normalization.h>

#include "frontend/src/layers/normalized_axes.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<UnitNormalization> registered{"UnitNormalization", "keras.layers"};

UnitNormalization::UnitNormalization(UnitNormalizationOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  if (options_.axis.given().empty())
    throw ValueError("[UnitNormalization] `axis` must name at least one axis. Received: axis=none");
}

void UnitNormalization::check_input(const Shape& input) const { check_axes(*this, options_.axis, input); }

Tensor UnitNormalization::call(const Tensor& x, const CallArgs& args) {
  return with_mask(ops::normalize(x, options_.axis, 2, 1e-12), args.mask);
}

Config UnitNormalization::config() const {
  Config config = base_config();
  config["axis"] = as_given(options_.axis);
  return config;
}

UnitNormalization UnitNormalization::from_config(const Config& config) {
  UnitNormalizationOptions options;
  read_base(config, options);
  if (const Config* axis = config.find("axis")) options.axis = axes_from(*axis);
  return UnitNormalization(std::move(options));
}

}  // namespace hornbeam::layers
