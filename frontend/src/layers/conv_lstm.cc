#include <hornbeam/layers/conv_lstm.h>

#include "frontend/src/layers/activation_part.h"
#include "frontend/src/layers/cell_support.h"
#include "frontend/src/layers/fields.h"
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
  field("activation", options.activation);
  field("recurrent_activation", options.recurrent_activation);
  field("use_bias", options.use_bias);
  field("kernel_initializer", options.kernel_initializer);
  field("recurrent_initializer", options.recurrent_initializer);
  field("bias_initializer", options.bias_initializer);
  field("unit_forget_bias", options.unit_forget_bias);
  field("kernel_regularizer", options.kernel_regularizer);
  field("recurrent_regularizer", options.recurrent_regularizer);
  field("bias_regularizer", options.bias_regularizer);
  field("activity_regularizer", options.activity_regularizer);
  field("kernel_constraint", options.kernel_constraint);
  field("recurrent_constraint", options.recurrent_constraint);
  field("bias_constraint", options.bias_constraint);
  field("dropout", options.dropout);
  field("recurrent_dropout", options.recurrent_dropout);
  field("seed", options.seed);
  field("return_sequences", options.return_sequences);
  field("return_state", options.return_state);
  field("go_backwards", options.go_backwards);
  field("stateful", options.stateful);
  field("unroll", options.unroll);
  field("zero_output_for_mask", options.zero_output_for_mask);
};

const Register<ConvLSTM1D> registered1{"ConvLSTM1D", "keras.layers"};
const Register<ConvLSTM2D> registered2{"ConvLSTM2D", "keras.layers"};
const Register<ConvLSTM3D> registered3{"ConvLSTM3D", "keras.layers"};

template <int N>
ConvLSTMCell<N> cell_of(ConvLSTMOptions<N> options) {
  options.name = "conv_lstm_cell";
  return ConvLSTMCell<N>(std::move(options));
}

// A convolution of [batch, …], or of [time, batch, …]. Several masks are one for each of as many parts of the kernel's
// features.
Tensor convolution(const Tensor& x, const Tensor& kernel, const std::vector<Tensor>& masks,
                   const std::vector<int64_t>& strides, const std::string& padding, const std::string& data_format,
                   const std::vector<int64_t>& dilation) {
  auto convolve = [&](const Tensor& in, const Tensor& with) {
    if (in.rank() == with.rank()) return ops::conv(in, with, strides, padding, data_format, dilation);
    std::vector<int64_t> flat(in.shape().begin() + 1, in.shape().end());
    flat[0] *= in.shape()[0];
    Tensor y = ops::conv(ops::reshape(in, Shape(flat)), with, strides, padding, data_format, dilation);
    std::vector<int64_t> dims{in.shape()[0], in.shape()[1]};
    dims.insert(dims.end(), y.shape().begin() + 1, y.shape().end());
    return ops::reshape(y, Shape(dims));
  };
  if (masks.empty()) return convolve(x, kernel);
  int64_t filters = kernel.shape()[-1] / static_cast<int64_t>(masks.size());
  std::vector<Tensor> parts;
  for (size_t i = 0; i < masks.size(); ++i) {
    int64_t first = static_cast<int64_t>(i) * filters;
    parts.push_back(convolve(x * masks[i], columns(kernel, first, first + filters)));
  }
  int64_t axis = channels_first(data_format) ? parts[0].rank() - kernel.rank() + 1 : -1;
  return ops::concatenate(parts, axis);
}

}  // namespace

template <int N>
ConvLSTMCell<N>::ConvLSTMCell(ConvLSTMOptions<N> options)
    : RNNCellOf<ConvLSTMCell>(options.name, options.dtype, options.trainable),
      options_(std::move(options)),
      seed_(this->track(random::SeedGenerator(options_.seed))) {
  track_activation(*this, options_.activation);
  track_activation(*this, options_.recurrent_activation, "recurrent_activation");
  const std::string class_name = "ConvLSTM" + std::to_string(N) + "D";
  check_positive(class_name, "filters", options_.filters);
  check_positive(class_name, "kernel_size", options_.kernel_size);
  check_positive(class_name, "strides", options_.strides);
  check_positive(class_name, "dilation_rate", options_.dilation_rate);
  check_strides_or_dilation(class_name, options_.strides, options_.dilation_rate);
  check_padding(class_name.c_str(), options_.padding);
  check_data_format(class_name.c_str(), options_.data_format);
  options_.dropout = std::clamp(options_.dropout, 0.0, 1.0);
  options_.recurrent_dropout = std::clamp(options_.recurrent_dropout, 0.0, 1.0);
}

template <int N>
std::vector<int64_t> ConvLSTMCell<N>::state_size() const {
  return {options_.filters, options_.filters};
}

template <int N>
Shape ConvLSTMCell<N>::output_shape(const Shape& input) const {
  std::vector<int64_t> dims;
  int64_t first = first_spatial_axis(options_.data_format);
  for (int i = 0; i < N; ++i) {
    int64_t size = input[first + i], window = (options_.kernel_size[i] - 1) * options_.dilation_rate[i] + 1;
    int64_t covered = options_.padding == "same" ? size : size - window + 1;
    dims.push_back((covered + options_.strides[i] - 1) / options_.strides[i]);
  }
  dims.insert(channels_first(options_.data_format) ? dims.begin() : dims.end(), options_.filters);
  return Shape(dims);
}

template <int N>
std::vector<Shape> ConvLSTMCell<N>::state_shapes(const Shape& input) const {
  return {output_shape(input), output_shape(input)};
}

template <int N>
void ConvLSTMCell<N>::check_input(const Shapes& inputs) const {
  check_rank(*this, inputs[0], N + 2);
  if (kernel_) check_axis(*this, inputs[0], channel_axis(options_.data_format, N), kernel_.shape()[N]);
  if (options_.padding == "valid")
    check_window_fits(*this, inputs[0], options_.data_format, options_.kernel_size, options_.dilation_rate);
}

template <int N>
void ConvLSTMCell<N>::build(const Shapes& inputs) {
  int64_t axis = channel_axis(options_.data_format, N), filters = options_.filters;
  for (int64_t i = 1; i < inputs[0].rank(); ++i)
    if (inputs[0][i] < 0 && i != axis)
      throw ValueError(
          "ConvLSTM layers only support static input shapes for the spatial dimension. Received invalid input shape: "
          "input_shape=" +
          inputs[0].to_string());
  check_known_axis(*this, inputs[0], axis);
  Shape kernel(options_.kernel_size.dims()), recurrent = kernel;
  kernel.push_back(inputs[0][axis]);
  kernel.push_back(4 * filters);
  recurrent.push_back(filters);
  recurrent.push_back(4 * filters);
  kernel_ = this->add_weight({.name = "kernel",
                              .shape = kernel,
                              .initializer = options_.kernel_initializer,
                              .regularizer = options_.kernel_regularizer,
                              .constraint = options_.kernel_constraint});
  recurrent_kernel_ = this->add_weight({.name = "recurrent_kernel",
                                        .shape = recurrent,
                                        .initializer = options_.recurrent_initializer,
                                        .regularizer = options_.recurrent_regularizer,
                                        .constraint = options_.recurrent_constraint});
  if (options_.use_bias)
    bias_ =
        this->add_weight({.name = "bias",
                          .shape = {4 * filters},
                          .initializer = options_.unit_forget_bias ? with_unit_forget_bias(options_.bias_initializer)
                                                                   : options_.bias_initializer,
                          .regularizer = options_.bias_regularizer,
                          .constraint = options_.bias_constraint});
}

template <int N>
RNNCell::Run ConvLSTMCell<N>::begin(const Shape& input, const CallArgs& args) {
  int64_t filters = options_.filters, axis = channel_axis(options_.data_format, N);
  std::vector<int64_t> state{input[0]};
  Shape output = output_shape(input);
  state.insert(state.end(), output.begin(), output.end());
  auto masks = [&](const Shape& shape, double rate) {
    return dropout_masks(4, shape, this->compute_dtype(), rate, seed_, args.is_training());
  };
  std::vector<Tensor> kept = masks(input, options_.dropout);
  std::vector<Tensor> kept_states = masks(Shape(state), options_.recurrent_dropout);
  Variable kernel = kernel_, recurrent_kernel = recurrent_kernel_, bias = bias_;
  ConvLSTMOptions<N> o = options_;
  RNNCell::Run run;
  run.project = [=](const Tensor& x) {
    Tensor y = convolution(x, kernel, kept, o.strides.dims(), o.padding, o.data_format, o.dilation_rate.dims());
    if (!bias) return y;
    Tensor along = bias;
    if (channels_first(o.data_format))
      for (int i = 0; i < N; ++i) along = ops::expand_dims(along, -1);
    return y + along;
  };
  run.step = [=](const Tensor& x, const std::vector<Tensor>& states) {
    std::vector<int64_t> ones(N, 1);
    Tensor z = x + convolution(states[0], recurrent_kernel, kept_states, ones, "same", o.data_format, ones);
    auto part = [&](int64_t i) { return ops::slice_axis(z, axis, i * filters, (i + 1) * filters); };
    Tensor i = o.recurrent_activation(part(0)), f = o.recurrent_activation(part(1));
    Tensor c = f * states[1] + i * o.activation(part(2));
    Tensor h = o.recurrent_activation(part(3)) * o.activation(c);
    return std::vector<Tensor>{h, h, c};
  };
  return run;
}

template <int N>
Tensors ConvLSTMCell<N>::call(const Tensors& inputs, const CallArgs& args) {
  return call_once(*this, inputs, args);
}

template <int N>
ConvLSTM<N>::ConvLSTM(const ConvLSTMOptions<N>& options)
    : RecurrentOf<ConvLSTM>(cell_of(options),
                            {options.return_sequences, options.return_state, options.go_backwards, options.stateful,
                             options.unroll, options.zero_output_for_mask},
                            options.activity_regularizer, options.name, options.dtype, options.trainable) {
  this->input_rank_ = N + 3;
}

template <int N>
Config ConvLSTM<N>::own_config() const {
  return with_fields(Config::object(), dynamic_cast<const ConvLSTMCell<N>&>(*this->cell_.layer()).options(), kFields);
}

template <int N>
ConvLSTM<N> ConvLSTM<N>::from_config(const Config& config) {
  return ConvLSTM(options_from<ConvLSTMOptions<N>>(config, kFields));
}

template class ConvLSTM<1>;
template class ConvLSTM<2>;
template class ConvLSTM<3>;

}  // namespace hornbeam::layers
