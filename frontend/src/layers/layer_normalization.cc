#include <hornbeam/layers/layer_normalization.h>

#include <hornbeam/ops.h>
#include <hornbeam/ops/normalization.h>

#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/normalized_axes.h"
#include "frontend/src/layers/uncast.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<LayerNormalization> registered{"LayerNormalization", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("epsilon", options.epsilon);
  field("center", options.center);
  field("scale", options.scale);
  field("rms_scaling", options.rms_scaling);
  field("beta_initializer", options.beta_initializer);
  field("gamma_initializer", options.gamma_initializer);
  field("beta_regularizer", options.beta_regularizer);
  field("gamma_regularizer", options.gamma_regularizer);
  field("beta_constraint", options.beta_constraint);
  field("gamma_constraint", options.gamma_constraint);
};

}  // namespace

LayerNormalization::LayerNormalization(LayerNormalizationOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  if (options_.axis.given().empty())
    throw ValueError("[LayerNormalization] `axis` must name at least one axis. Received: axis=none");
}

void LayerNormalization::check_input(const Shape& input) const { check_axes(*this, options_.axis, input); }

void LayerNormalization::build(const Shape& input) {
  Shape sizes = sizes_of(*this, options_.axis, input);
  if (options_.scale || options_.rms_scaling)
    gamma_ = add_weight({.name = "gamma",
                         .shape = sizes,
                         .initializer = options_.gamma_initializer,
                         .regularizer = options_.gamma_regularizer,
                         .constraint = options_.gamma_constraint});
  if (options_.center && !options_.rms_scaling)
    beta_ = add_weight({.name = "beta",
                        .shape = sizes,
                        .initializer = options_.beta_initializer,
                        .regularizer = options_.beta_regularizer,
                        .constraint = options_.beta_constraint});
}

Tensor LayerNormalization::call(const Tensor& x, const CallArgs& args) {
  Tensor y;
  if (options_.rms_scaling) {
    // Keras takes the variance about the mean here, too. 16-bit squares soon overflow.
    Tensor in = ops::cast(x, result_type(x.dtype(), DType::float32));
    y = in * ops::rsqrt(ops::var(in, options_.axis, true) + options_.epsilon);
    y = y * ops::cast(along(uncast(gamma_), options_.axis, in), in.dtype());
  } else {
    Tensor gamma = gamma_ ? uncast(gamma_) : Tensor(), beta = beta_ ? uncast(beta_) : Tensor();
    y = ops::layer_normalization(x, gamma, beta, options_.axis, options_.epsilon);
  }
  return with_mask(ops::cast(y, compute_dtype()), args.mask);
}

Config LayerNormalization::config() const {
  Config config = base_config();
  config["axis"] = as_list(options_.axis);
  return with_fields(config, options_, kFields);
}

LayerNormalization LayerNormalization::from_config(const Config& config) {
  auto options = options_from<LayerNormalizationOptions>(config, kFields);
  if (const Config* axis = config.find("axis")) options.axis = axes_from(*axis);
  return LayerNormalization(std::move(options));
}

}  // namespace hornbeam::layers
