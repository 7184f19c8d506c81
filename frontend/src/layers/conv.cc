#include <hornbeam/layers/conv.h>

#include <hornbeam/ops.h>

#include "frontend/src/layers/activation_part.h"
#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/lora.h"
#include "frontend/src/layers/windows.h"

namespace hornbeam::layers {
namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("filters", options.filters);
  field("kernel_size", options.kernel_size);
  field("strides", options.strides);
  field("padding", options.padding);
  field("data_format", options.data_format);
  field("dilation_rate", options.dilation_rate);
  field("groups", options.groups);
  field("activation", options.activation);
  field("use_bias", options.use_bias);
  field("kernel_initializer", options.kernel_initializer);
  field("bias_initializer", options.bias_initializer);
  field("kernel_regularizer", options.kernel_regularizer);
  field("bias_regularizer", options.bias_regularizer);
  field("activity_regularizer", options.activity_regularizer);
  field("kernel_constraint", options.kernel_constraint);
  field("bias_constraint", options.bias_constraint);
};

const Register<Conv1D> registered1{"Conv1D", "keras.layers", {"Convolution1D"}};
const Register<Conv2D> registered2{"Conv2D", "keras.layers", {"Convolution2D"}};
const Register<Conv3D> registered3{"Conv3D", "keras.layers", {"Convolution3D"}};

}  // namespace

template <int N>
Conv<N>::Conv(ConvOptions<N> options)
    : UnaryLayerOf<Conv>(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  track_activation(*this, options_.activation);
  const std::string class_name = this->class_name();
  check_positive(class_name, "filters", options_.filters);
  check_positive(class_name, "groups", options_.groups);
  if (options_.filters % options_.groups)
    throw ValueError("[" + class_name +
                     "] The number of filters must be evenly divisible by the number of groups. Received: groups=" +
                     std::to_string(options_.groups) + ", filters=" + std::to_string(options_.filters));
  check_positive(class_name, "kernel_size", options_.kernel_size);
  check_positive(class_name, "strides", options_.strides);
  check_positive(class_name, "dilation_rate", options_.dilation_rate);
  check_strides_or_dilation(class_name, options_.strides, options_.dilation_rate);
  check_padding(class_name, options_.padding, N == 1);
  check_data_format(class_name, options_.data_format);
  check_lora(class_name, options_.lora_rank, options_.kernel_constraint);
}

template <int N>
void Conv<N>::check_input(const Shape& input) const {
  check_rank(*this, input, N + 2);
  if (kernel_)
    check_axis(*this, input, channels_first(options_.data_format) ? 1 : -1, kernel_.shape()[N] * options_.groups);
  if (options_.padding == "valid")
    check_window_fits(*this, input, options_.data_format, options_.kernel_size, options_.dilation_rate);
}

template <int N>
void Conv<N>::build(const Shape& input) {
  int64_t axis = channel_axis(options_.data_format, N);
  check_known_axis(*this, input, axis);
  int64_t channels = input[axis];
  if (channels % options_.groups)
    throw ValueError("[" + this->class_name() +
                     "] The number of input channels must be evenly divisible by the number of groups. Received: "
                     "groups=" +
                     std::to_string(options_.groups) + ", input of shape " + input.to_string());
  Shape kernel(options_.kernel_size.dims());
  kernel.push_back(channels / options_.groups);
  kernel.push_back(options_.filters);
  kernel_ = this->add_weight({.name = "kernel",
                              .shape = kernel,
                              .initializer = options_.kernel_initializer,
                              .regularizer = options_.kernel_regularizer,
                              .constraint = options_.kernel_constraint});
  if (options_.use_bias)
    bias_ = this->add_weight({.name = "bias",
                              .shape = {options_.filters},
                              .initializer = options_.bias_initializer,
                              .regularizer = options_.bias_regularizer,
                              .constraint = options_.bias_constraint});
  if (!options_.lora_rank) return;
  Shape a = kernel;
  a[-1] = *options_.lora_rank;
  lora_kernel_a_ = this->add_weight({.name = "lora_kernel_a",
                                     .shape = a,
                                     .initializer = "he_uniform",
                                     .dtype = DType::float32,
                                     .regularizer = options_.kernel_regularizer});
  lora_kernel_b_ = this->add_weight({.name = "lora_kernel_b",
                                     .shape = {*options_.lora_rank, options_.filters},
                                     .initializer = "zeros",
                                     .dtype = DType::float32,
                                     .regularizer = options_.kernel_regularizer});
  kernel_.set_trainable(false);
}

template <int N>
Tensor Conv<N>::call(const Tensor& x, const CallArgs&) {
  Tensor kernel = kernel_, in = x;
  if (options_.lora_rank)
    kernel = lora_sum(kernel, lora_kernel_a_, lora_kernel_b_, *options_.lora_rank, options_.lora_alpha);
  std::string padding = options_.padding;
  if (padding == "causal") {
    std::vector<std::pair<int64_t, int64_t>> zeros(3, {0, 0});
    zeros[first_spatial_axis(options_.data_format)].first = options_.dilation_rate[0] * (options_.kernel_size[0] - 1);
    in = ops::pad(in, zeros);
    padding = "valid";
  }
  Tensor y =
      ops::conv(in, kernel, options_.strides.dims(), padding, options_.data_format, options_.dilation_rate.dims());
  if (options_.use_bias) y = add_channel_bias(y, bias_, options_.data_format);
  return options_.activation(y);
}

template <int N>
Config Conv<N>::config() const {
  Config config = with_fields(this->base_config(), options_, kFields);
  add_lora(config, options_.lora_rank, options_.lora_alpha);
  return config;
}

template <int N>
Conv<N> Conv<N>::from_config(const Config& config) {
  auto options = options_from<ConvOptions<N>>(config, kFields);
  config.read("lora_rank", options.lora_rank);
  config.read("lora_alpha", options.lora_alpha);
  return Conv(std::move(options));
}

template class Conv<1>;
template class Conv<2>;
template class Conv<3>;

}  // namespace hornbeam::layers
