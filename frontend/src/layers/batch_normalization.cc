#include <hornbeam/layers/batch_normalization.h>

#include <hornbeam/ops.h>

#include "frontend/src/layers/checks.h"

namespace hornbeam::layers {

static const Register<BatchNormalization> registered{"BatchNormalization", "keras.layers"};

BatchNormalization::BatchNormalization(BatchNormalizationOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  if (options_.synchronized)
    throw NotImplementedError("[BatchNormalization] synchronized=True is not available yet. Use synchronized=False.");
}

void BatchNormalization::check_input(const Shape& input) const {
  if (options_.axis >= input.rank() || options_.axis < -input.rank())
    throw ValueError(incompatible(*this) + "axis=" + std::to_string(options_.axis) + " is out of range. Full shape received: " +
                     input.to_string());
  if (moving_mean_) check_axis(*this, input, options_.axis, moving_mean_.shape()[0]);
}

void BatchNormalization::build(const Shape& input) {
  check_known_axis(*this, input, options_.axis);
  Shape features{input[options_.axis]};
  if (options_.scale)
    gamma_ = add_weight({.name = "gamma",
                         .shape = features,
                         .initializer = options_.gamma_initializer,
                         .regularizer = options_.gamma_regularizer,
                         .constraint = options_.gamma_constraint});
  if (options_.center)
    beta_ = add_weight({.name = "beta",
                        .shape = features,
                        .initializer = options_.beta_initializer,
                        .regularizer = options_.beta_regularizer,
                        .constraint = options_.beta_constraint});
  moving_mean_ = add_weight(
      {.name = "moving_mean", .shape = features, .initializer = options_.moving_mean_initializer, .trainable = false});
  moving_variance_ = add_weight(
      {.name = "moving_variance", .shape = features, .initializer = options_.moving_variance_initializer, .trainable = false});
}

Tensor BatchNormalization::call(const Tensor& x, const CallArgs& args) {
  if (args.mask) throw NotImplementedError("[BatchNormalization] A mask is not supported yet. Call the layer without one.");
  int64_t axis = options_.axis < 0 ? options_.axis + x.rank() : options_.axis;
  std::vector<int64_t> others;
  Shape along;
  for (int64_t i = 0; i < x.rank(); ++i) {
    along.push_back(i == axis ? x.shape()[axis] : 1);
    if (i != axis) others.push_back(i);
  }
  // 16-bit inputs are normalized in float32, as their squares soon overflow.
  Tensor in = ops::cast(x, result_type(x.dtype(), DType::float32));
  Tensor mean, variance;
  if (args.is_training() && trainable()) {
    Tensor mean_kept = ops::mean(in, others, true);
    mean = ops::reshape(mean_kept, moving_mean_.shape());
    variance = ops::mean(ops::square(in - mean_kept), others);
    auto follow = [&](const Variable& moving, const Tensor& batch) {
      moving.assign(ops::cast(moving, in.dtype()) * options_.momentum + batch * (1 - options_.momentum));
    };
    follow(moving_mean_, mean);
    follow(moving_variance_, variance);
  } else {
    mean = ops::cast(moving_mean_, in.dtype());
    variance = ops::cast(moving_variance_, in.dtype());
  }
  Tensor factor = ops::rsqrt(variance + options_.epsilon);
  if (options_.scale) factor = factor * ops::cast(gamma_, in.dtype());
  Tensor y = (in - ops::reshape(mean, along)) * ops::reshape(factor, along);
  if (options_.center) y = y + ops::reshape(ops::cast(beta_, in.dtype()), along);
  return ops::cast(y, x.dtype());
}

Config BatchNormalization::config() const {
  Config config = base_config();
  config.merge(Config::object({{"axis", options_.axis},
                               {"momentum", options_.momentum},
                               {"epsilon", options_.epsilon},
                               {"center", options_.center},
                               {"scale", options_.scale},
                               {"beta_initializer", options_.beta_initializer},
                               {"gamma_initializer", options_.gamma_initializer},
                               {"moving_mean_initializer", options_.moving_mean_initializer},
                               {"moving_variance_initializer", options_.moving_variance_initializer},
                               {"beta_regularizer", options_.beta_regularizer},
                               {"gamma_regularizer", options_.gamma_regularizer},
                               {"beta_constraint", options_.beta_constraint},
                               {"gamma_constraint", options_.gamma_constraint},
                               {"synchronized", options_.synchronized},
                               {"renorm", false},
                               {"renorm_clipping", nullptr},
                               {"renorm_momentum", 0.99}}));
  return config;
}

BatchNormalization BatchNormalization::from_config(const Config& config) {
  if (const Config* renorm = config.find("renorm"); renorm && renorm->is_bool() && renorm->as_bool())
    throw NotImplementedError("[BatchNormalization] renorm=True is not available yet.");
  BatchNormalizationOptions options;
  read_base(config, options);
  // Keras 2 wrote the axis as a list of one.
  if (const Config* axis = config.find("axis")) options.axis = axis->is_array() ? (*axis)[0].as_int() : axis->as_int();
  config.read("momentum", options.momentum);
  config.read("epsilon", options.epsilon);
  config.read("center", options.center);
  config.read("scale", options.scale);
  config.read("beta_initializer", options.beta_initializer);
  config.read("gamma_initializer", options.gamma_initializer);
  config.read("moving_mean_initializer", options.moving_mean_initializer);
  config.read("moving_variance_initializer", options.moving_variance_initializer);
  config.read("beta_regularizer", options.beta_regularizer);
  config.read("gamma_regularizer", options.gamma_regularizer);
  config.read("beta_constraint", options.beta_constraint);
  config.read("gamma_constraint", options.gamma_constraint);
  config.read("synchronized", options.synchronized);
  return BatchNormalization(std::move(options));
}

}  // namespace hornbeam::layers
