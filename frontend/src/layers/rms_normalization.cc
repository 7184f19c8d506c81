#include <hornbeam/layers/rms_normalization.h>

#include <hornbeam/ops/normalization.h>

#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/normalized_axes.h"

namespace hornbeam::layers {

static const Register<RMSNormalization> registered{"RMSNormalization", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) { field("epsilon", options.epsilon); };

}  // namespace

RMSNormalization::RMSNormalization(RMSNormalizationOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  if (options_.axis.given().empty())
    throw ValueError("[RMSNormalization] `axis` must name at least one axis. Received: axis=none");
}

void RMSNormalization::check_input(const Shape& input) const { check_axes(*this, options_.axis, input); }

void RMSNormalization::build(const Shape& input) {
  scale_ = add_weight({.name = "scale", .shape = sizes_of(*this, options_.axis, input), .initializer = "ones"});
}

Tensor RMSNormalization::call(const Tensor& x, const CallArgs& args) {
  return ops::rms_normalization(x, scale_, options_.axis, options_.epsilon);
}

Config RMSNormalization::config() const {
  Config config = base_config();
  config["axis"] = as_list(options_.axis);
  return with_fields(config, options_, kFields);
}

RMSNormalization RMSNormalization::from_config(const Config& config) {
  auto options = options_from<RMSNormalizationOptions>(config, kFields);
  if (const Config* axis = config.find("axis")) options.axis = axes_from(*axis);
  return RMSNormalization(std::move(options));
}

}  // namespace hornbeam::layers
