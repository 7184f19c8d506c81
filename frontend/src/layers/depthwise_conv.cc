#include <hornbeam/layers/depthwise_conv.h>

#include <hornbeam/ops.h>

#include "frontend/src/layers/activation_part.h"
#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/windows.h"

namespace hornbeam::layers {
namespace {

constexpr auto kFields = [](auto &options, auto field) {
  field("kernel_size", options.kernel_size);
  field("strides", options.strides);
  field("padding", options.padding);
  field("depth_multiplier", options.depth_multiplier);
  field("data_format", options.data_format);
  field("dilation_rate", options.dilation_rate);
  field("activation", options.activation);
  field("use_bias", options.use_bias);
  field("depthwise_initializer", options.depthwise_initializer);
  field("bias_initializer", options.bias_initializer);
  field("depthwise_regularizer", options.depthwise_regularizer);
  field("bias_regularizer", options.bias_regularizer);
  field("activity_regularizer", options.activity_regularizer);
  field("depthwise_constraint", options.depthwise_constraint);
  field("bias_constraint", options.bias_constraint);
};

const Register<DepthwiseConv1D> registered1{"DepthwiseConv1D", "keras.layers"};
const Register<DepthwiseConv2D> registered2{"DepthwiseConv2D", "keras.layers"};

} // namespace

template <int N>
DepthwiseConv<N>::DepthwiseConv(DepthwiseConvOptions<N> options)
    : UnaryLayerOf<DepthwiseConv>(options.name, options.dtype,
                                  options.trainable),
      options_(std::move(options)) {
  track_activation(*this, options_.activation);
  const std::string class_name = this->class_name();
  check_positive(class_name, "depth_multiplier", options_.depth_multiplier);
  check_positive(class_name, "kernel_size", options_.kernel_size);
  check_positive(class_name, "strides", options_.strides);
  check_positive(class_name, "dilation_rate", options_.dilation_rate);
  check_padding(class_name, options_.padding);
  check_data_format(class_name, options_.data_format);
}

template <int N> void DepthwiseConv<N>::check_input(const Shape &input) const {
  check_rank(*this, input, N + 2);
  if (kernel_)
    check_axis(*this, input, channels_first(options_.data_format) ? 1 : -1,
               kernel_.shape()[N]);
  if (options_.padding == "valid")
    check_window_fits(*this, input, options_.data_format, options_.kernel_size,
                      options_.dilation_rate);
}

template <int N> void DepthwiseConv<N>::build(const Shape &input) {
  int64_t axis = channel_axis(options_.data_format, N);
  check_known_axis(*this, input, axis);
  Shape kernel(options_.kernel_size.dims());
  kernel.push_back(input[axis]);
  kernel.push_back(options_.depth_multiplier);
  kernel_ = this->add_weight({.name = "kernel",
                              .shape = kernel,
                              .initializer = options_.depthwise_initializer,
                              .regularizer = options_.depthwise_regularizer,
                              .constraint = options_.depthwise_constraint});
  if (options_.use_bias)
    bias_ =
        this->add_weight({.name = "bias",
                          .shape = {input[axis] * options_.depth_multiplier},
                          .initializer = options_.bias_initializer,
                          .regularizer = options_.bias_regularizer,
                          .constraint = options_.bias_constraint});
}

template <int N>
Tensor DepthwiseConv<N>::call(const Tensor &x, const CallArgs &) {
  Tensor y =
      ops::depthwise_conv(x, kernel_, options_.strides.dims(), options_.padding,
                          options_.data_format, options_.dilation_rate.dims());
  if (options_.use_bias)
    y = add_channel_bias(y, bias_, options_.data_format);
  return options_.activation(y);
}

template <int N> Config DepthwiseConv<N>::config() const {
  return with_fields(this->base_config(), options_, kFields);
}

template <int N>
DepthwiseConv<N> DepthwiseConv<N>::from_config(const Config &config) {
  return DepthwiseConv(options_from<DepthwiseConvOptions<N>>(config, kFields));
}

template class DepthwiseConv<1>;
template class DepthwiseConv<2>;

} // namespace hornbeam::layers
