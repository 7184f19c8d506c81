#include <hornbeam/layers/separable_conv.h>

#include <hornbeam/ops.h>

#include "frontend/src/layers/activation_part.h"
#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/windows.h"

namespace hornbeam::layers {
namespace {

constexpr auto kFields = [](auto &options, auto field) {
  field("filters", options.filters);
  field("kernel_size", options.kernel_size);
  field("strides", options.strides);
  field("padding", options.padding);
  field("data_format", options.data_format);
  field("dilation_rate", options.dilation_rate);
  field("depth_multiplier", options.depth_multiplier);
  field("activation", options.activation);
  field("use_bias", options.use_bias);
  field("depthwise_initializer", options.depthwise_initializer);
  field("pointwise_initializer", options.pointwise_initializer);
  field("bias_initializer", options.bias_initializer);
  field("depthwise_regularizer", options.depthwise_regularizer);
  field("pointwise_regularizer", options.pointwise_regularizer);
  field("bias_regularizer", options.bias_regularizer);
  field("activity_regularizer", options.activity_regularizer);
  field("depthwise_constraint", options.depthwise_constraint);
  field("pointwise_constraint", options.pointwise_constraint);
  field("bias_constraint", options.bias_constraint);
};

const Register<SeparableConv1D> registered1{
    "SeparableConv1D", "keras.layers", {"SeparableConvolution1D"}};
const Register<SeparableConv2D> registered2{
    "SeparableConv2D", "keras.layers", {"SeparableConvolution2D"}};

} // namespace

template <int N>
SeparableConv<N>::SeparableConv(SeparableConvOptions<N> options)
    : UnaryLayerOf<SeparableConv>(options.name, options.dtype,
                                  options.trainable),
      options_(std::move(options)) {
  track_activation(*this, options_.activation);
  const std::string class_name = this->class_name();
  check_positive(class_name, "filters", options_.filters);
  check_positive(class_name, "depth_multiplier", options_.depth_multiplier);
  check_positive(class_name, "kernel_size", options_.kernel_size);
  check_positive(class_name, "strides", options_.strides);
  check_positive(class_name, "dilation_rate", options_.dilation_rate);
  check_padding(class_name, options_.padding);
  check_data_format(class_name, options_.data_format);
}

template <int N> void SeparableConv<N>::check_input(const Shape &input) const {
  check_rank(*this, input, N + 2);
  if (depthwise_kernel_)
    check_axis(*this, input, channels_first(options_.data_format) ? 1 : -1,
               depthwise_kernel_.shape()[N]);
  if (options_.padding == "valid")
    check_window_fits(*this, input, options_.data_format, options_.kernel_size,
                      options_.dilation_rate);
}

template <int N> void SeparableConv<N>::build(const Shape &input) {
  int64_t axis = channel_axis(options_.data_format, N);
  check_known_axis(*this, input, axis);
  Shape depthwise(options_.kernel_size.dims()), pointwise(Sizes<N>(1).dims());
  depthwise.push_back(input[axis]);
  depthwise.push_back(options_.depth_multiplier);
  pointwise.push_back(input[axis] * options_.depth_multiplier);
  pointwise.push_back(options_.filters);
  depthwise_kernel_ =
      this->add_weight({.name = "depthwise_kernel",
                        .shape = depthwise,
                        .initializer = options_.depthwise_initializer,
                        .regularizer = options_.depthwise_regularizer,
                        .constraint = options_.depthwise_constraint});
  pointwise_kernel_ =
      this->add_weight({.name = "pointwise_kernel",
                        .shape = pointwise,
                        .initializer = options_.pointwise_initializer,
                        .regularizer = options_.pointwise_regularizer,
                        .constraint = options_.pointwise_constraint});
  if (options_.use_bias)
    bias_ = this->add_weight({.name = "bias",
                              .shape = {options_.filters},
                              .initializer = options_.bias_initializer,
                              .regularizer = options_.bias_regularizer,
                              .constraint = options_.bias_constraint});
}

template <int N>
Tensor SeparableConv<N>::call(const Tensor &x, const CallArgs &) {
  Tensor y = ops::separable_conv(
      x, depthwise_kernel_, pointwise_kernel_, options_.strides.dims(),
      options_.padding, options_.data_format, options_.dilation_rate.dims());
  if (options_.use_bias)
    y = add_channel_bias(y, bias_, options_.data_format);
  return options_.activation(y);
}

template <int N> Config SeparableConv<N>::config() const {
  return with_fields(this->base_config(), options_, kFields);
}

template <int N>
SeparableConv<N> SeparableConv<N>::from_config(const Config &config) {
  return SeparableConv(options_from<SeparableConvOptions<N>>(config, kFields));
}

template class SeparableConv<1>;
template class SeparableConv<2>;

} // namespace hornbeam::layers
