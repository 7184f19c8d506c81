#include <hornbeam/layers/dense.h>

#include <hornbeam/ops.h>

#include "frontend/src/layers/activation_part.h"
#include "frontend/src/layers/checks.h"
#include "frontend/src/layers/lora.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<Dense> registered{"Dense", "keras.layers"};

Dense::Dense(DenseOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  track_activation(*this, options_.activation);
  if (options_.units <= 0)
    throw ValueError("[Dense] units must be positive. Received: units=" + std::to_string(options_.units));
  check_lora("Dense", options_.lora_rank, options_.kernel_constraint);
}

void Dense::check_input(const Shape& input) const {
  check_min_rank(*this, input, 2);
  if (kernel_) check_axis(*this, input, -1, kernel_.shape()[0]);
}

void Dense::build(const Shape& input) {
  check_known_axis(*this, input, -1);
  kernel_ = add_weight({.name = "kernel",
                        .shape = {input[-1], options_.units},
                        .initializer = options_.kernel_initializer,
                        .regularizer = options_.kernel_regularizer,
                        .constraint = options_.kernel_constraint});
  if (options_.use_bias)
    bias_ = add_weight({.name = "bias",
                        .shape = {options_.units},
                        .initializer = options_.bias_initializer,
                        .regularizer = options_.bias_regularizer,
                        .constraint = options_.bias_constraint});
  if (!options_.lora_rank) return;
  lora_kernel_a_ = add_weight({.name = "lora_kernel_a",
                               .shape = {input[-1], *options_.lora_rank},
                               .initializer = "he_uniform",
                               .dtype = DType::float32,
                               .regularizer = options_.kernel_regularizer});
  lora_kernel_b_ = add_weight({.name = "lora_kernel_b",
                               .shape = {*options_.lora_rank, options_.units},
                               .initializer = "zeros",
                               .dtype = DType::float32,
                               .regularizer = options_.kernel_regularizer});
  kernel_.set_trainable(false);
}

Tensor Dense::call(const Tensor& x, const CallArgs& args) {
  Tensor kernel = kernel_;
  if (options_.lora_rank)
    kernel = lora_sum(kernel, lora_kernel_a_, lora_kernel_b_, *options_.lora_rank, options_.lora_alpha);
  Tensor y = ops::matmul(x, kernel);
  if (options_.use_bias) y = y + bias_;
  return with_mask(options_.activation(y), args.mask);
}

Config Dense::config() const {
  Config config = base_config();
  config.merge(Config::object({{"units", options_.units},
                               {"activation", options_.activation},
                               {"use_bias", options_.use_bias},
                               {"kernel_initializer", options_.kernel_initializer},
                               {"bias_initializer", options_.bias_initializer},
                               {"kernel_regularizer", options_.kernel_regularizer},
                               {"bias_regularizer", options_.bias_regularizer}}));
  add_if_set(config, "activity_regularizer", options_.activity_regularizer);
  config.merge(Config::object({{"kernel_constraint", options_.kernel_constraint},
                               {"bias_constraint", options_.bias_constraint},
                               {"quantization_config", nullptr}}));
  add_lora(config, options_.lora_rank, options_.lora_alpha);
  return config;
}

Dense Dense::from_config(const Config& config) {
  DenseOptions options;
  read_base(config, options);
  config.read("units", options.units);
  config.read("activation", options.activation);
  config.read("use_bias", options.use_bias);
  config.read("kernel_initializer", options.kernel_initializer);
  config.read("bias_initializer", options.bias_initializer);
  config.read("kernel_regularizer", options.kernel_regularizer);
  config.read("bias_regularizer", options.bias_regularizer);
  config.read("activity_regularizer", options.activity_regularizer);
  config.read("kernel_constraint", options.kernel_constraint);
  config.read("bias_constraint", options.bias_constraint);
  config.read("lora_rank", options.lora_rank);
  config.read("lora_alpha", options.lora_alpha);
  return Dense(std::move(options));
}

}  // namespace hornbeam::layers
