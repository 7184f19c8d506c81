#include <hornbeam/layers/conv2d.h>

#include <hornbeam/ops.h>

#include "frontend/src/layers/checks.h"

namespace hornbeam::layers {

static const Register<Conv2D> registered{"Conv2D", "keras.layers", {"Convolution2D"}};

Conv2D::Conv2D(Conv2DOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  auto fail = [](const std::string& text) { throw ValueError("[Conv2D] " + text); };
  if (options_.filters <= 0) fail("filters must be positive. Received: filters=" + std::to_string(options_.filters));
  if (options_.groups <= 0) fail("groups must be positive. Received: groups=" + std::to_string(options_.groups));
  if (options_.filters % options_.groups)
    fail("The number of filters must be evenly divisible by the number of groups. Received: groups=" +
         std::to_string(options_.groups) + ", filters=" + std::to_string(options_.filters));
  if (!options_.kernel_size.positive())
    fail("kernel_size must be positive. Received: kernel_size=" + options_.kernel_size.to_string());
  if (!options_.strides.positive()) fail("strides must be positive. Received: strides=" + options_.strides.to_string());
  if (!options_.dilation_rate.positive())
    fail("dilation_rate must be positive. Received: dilation_rate=" + options_.dilation_rate.to_string());
  if (!options_.strides.is_one() && !options_.dilation_rate.is_one())
    fail("`strides > 1` not supported in conjunction with `dilation_rate > 1`. Received: strides=" +
         options_.strides.to_string() + ", dilation_rate=" + options_.dilation_rate.to_string());
  check_padding("Conv2D", options_.padding);
  check_data_format("Conv2D", options_.data_format);
}

void Conv2D::check_input(const Shape& input) const {
  check_rank(*this, input, 4);
  if (kernel_) check_axis(*this, input, channel_axis() == 1 ? 1 : -1, kernel_.shape()[2] * options_.groups);
  if (options_.padding == "same") return;
  int64_t first = channel_axis() == 1 ? 2 : 1;
  std::vector<int64_t> kernel = options_.kernel_size.dims(), dilation = options_.dilation_rate.dims();
  for (int64_t i = 0; i < 2; ++i) {
    int64_t window = (kernel[i] - 1) * dilation[i] + 1, size = input[first + i];
    if (size >= 0 && size < window)
      throw ValueError("Computed output size would be negative for layer '" + name() + "'. Received: input of shape " +
                       input.to_string() + ", kernel_size=" + options_.kernel_size.to_string() +
                       ", dilation_rate=" + options_.dilation_rate.to_string());
  }
}

void Conv2D::build(const Shape& input) {
  check_known_axis(*this, input, channel_axis());
  int64_t channels = input[channel_axis()];
  if (channels % options_.groups)
    throw ValueError(
        "[Conv2D] The number of input channels must be evenly divisible by the number of groups. Received: groups=" +
        std::to_string(options_.groups) + ", input of shape " + input.to_string());
  kernel_ = add_weight({.name = "kernel",
                        .shape = {options_.kernel_size.height(), options_.kernel_size.width(),
                                  channels / options_.groups, options_.filters},
                        .initializer = options_.kernel_initializer,
                        .regularizer = options_.kernel_regularizer,
                        .constraint = options_.kernel_constraint});
  if (options_.use_bias)
    bias_ = add_weight({.name = "bias",
                        .shape = {options_.filters},
                        .initializer = options_.bias_initializer,
                        .regularizer = options_.bias_regularizer,
                        .constraint = options_.bias_constraint});
}

Tensor Conv2D::call(const Tensor& x, const CallArgs&) {
  Tensor y = ops::conv(x, kernel_, options_.strides.dims(), options_.padding, options_.data_format,
                       options_.dilation_rate.dims());
  if (options_.use_bias)
    y = y + (channel_axis() == 1 ? ops::reshape(bias_, {1, options_.filters, 1, 1}) : Tensor(bias_));
  return options_.activation(y);
}

Config Conv2D::config() const {
  Config config = base_config();
  config.merge(Config::object({{"filters", options_.filters},
                               {"kernel_size", options_.kernel_size},
                               {"strides", options_.strides},
                               {"padding", options_.padding},
                               {"data_format", options_.data_format},
                               {"dilation_rate", options_.dilation_rate},
                               {"groups", options_.groups},
                               {"activation", options_.activation},
                               {"use_bias", options_.use_bias},
                               {"kernel_initializer", options_.kernel_initializer},
                               {"bias_initializer", options_.bias_initializer},
                               {"kernel_regularizer", options_.kernel_regularizer},
                               {"bias_regularizer", options_.bias_regularizer},
                               {"activity_regularizer", options_.activity_regularizer},
                               {"kernel_constraint", options_.kernel_constraint},
                               {"bias_constraint", options_.bias_constraint}}));
  return config;
}

Conv2D Conv2D::from_config(const Config& config) {
  Conv2DOptions options;
  read_base(config, options);
  config.read("filters", options.filters);
  config.read("kernel_size", options.kernel_size);
  config.read("strides", options.strides);
  config.read("padding", options.padding);
  read_data_format(config, options.data_format);
  config.read("dilation_rate", options.dilation_rate);
  config.read("groups", options.groups);
  config.read("activation", options.activation);
  config.read("use_bias", options.use_bias);
  config.read("kernel_initializer", options.kernel_initializer);
  config.read("bias_initializer", options.bias_initializer);
  config.read("kernel_regularizer", options.kernel_regularizer);
  config.read("bias_regularizer", options.bias_regularizer);
  config.read("activity_regularizer", options.activity_regularizer);
  config.read("kernel_constraint", options.kernel_constraint);
  config.read("bias_constraint", options.bias_constraint);
  return Conv2D(std::move(options));
}

}  // namespace hornbeam::layers
