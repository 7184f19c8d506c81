#include <hornbeam/layers/conv_transpose.h>

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
  field("output_padding", options.output_padding);
  field("data_format", options.data_format);
  field("dilation_rate", options.dilation_rate);
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

const Register<Conv1DTranspose> registered1{
    "Conv1DTranspose", "keras.layers", {"Convolution1DTranspose"}};
const Register<Conv2DTranspose> registered2{
    "Conv2DTranspose", "keras.layers", {"Convolution2DTranspose"}};
const Register<Conv3DTranspose> registered3{
    "Conv3DTranspose", "keras.layers", {"Convolution3DTranspose"}};

} // namespace

template <int N>
ConvTranspose<N>::ConvTranspose(ConvTransposeOptions<N> options)
    : UnaryLayerOf<ConvTranspose>(options.name, options.dtype,
                                  options.trainable),
      options_(std::move(options)) {
  track_activation(*this, options_.activation);
  const std::string class_name = this->class_name();
  check_positive(class_name, "filters", options_.filters);
  check_positive(class_name, "kernel_size", options_.kernel_size);
  check_positive(class_name, "strides", options_.strides);
  check_positive(class_name, "dilation_rate", options_.dilation_rate);
  check_strides_or_dilation(class_name, options_.strides,
                            options_.dilation_rate);
  check_padding(class_name, options_.padding);
  check_data_format(class_name, options_.data_format);
  for (int i = 0; options_.output_padding && i < N; ++i)
    if ((*options_.output_padding)[i] < 0 ||
        (*options_.output_padding)[i] >= options_.strides[i])
      throw ValueError("[" + class_name +
                       "] `output_padding` must be strictly less than "
                       "`strides` for all dimensions. Received: "
                       "output_padding=" +
                       options_.output_padding->to_string() +
                       ", strides=" + options_.strides.to_string());
}

template <int N> void ConvTranspose<N>::check_input(const Shape &input) const {
  check_rank(*this, input, N + 2);
  if (kernel_)
    check_axis(*this, input, channels_first(options_.data_format) ? 1 : -1,
               kernel_.shape()[-1]);
}

template <int N> void ConvTranspose<N>::build(const Shape &input) {
  int64_t axis = channel_axis(options_.data_format, N);
  check_known_axis(*this, input, axis);
  Shape kernel(options_.kernel_size.dims());
  kernel.push_back(options_.filters);
  kernel.push_back(input[axis]);
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
}

template <int N>
Tensor ConvTranspose<N>::call(const Tensor &x, const CallArgs &) {
  std::vector<int64_t> output_padding = options_.output_padding
                                            ? options_.output_padding->dims()
                                            : std::vector<int64_t>();
  Tensor y = ops::conv_transpose(
      x, kernel_, options_.strides.dims(), options_.padding, output_padding,
      options_.data_format, options_.dilation_rate.dims());
  if (options_.use_bias)
    y = add_channel_bias(y, bias_, options_.data_format);
  return options_.activation(y);
}

template <int N> Config ConvTranspose<N>::config() const {
  return with_fields(this->base_config(), options_, kFields);
}

template <int N>
ConvTranspose<N> ConvTranspose<N>::from_config(const Config &config) {
  return ConvTranspose(options_from<ConvTransposeOptions<N>>(config, kFields));
}

template class ConvTranspose<1>;
template class ConvTranspose<2>;
template class ConvTranspose<3>;

} // namespace hornbeam::layers
