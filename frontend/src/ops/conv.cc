// Convolution and pooling: padding and data format are worked out here, horn has explicit padding and channels last.
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/nn.h>
#include <hornbeam/ops/shape.h>

#include "frontend/src/ops/apply.h"

namespace hornbeam::ops {
namespace {

using Xs = std::vector<Tensor>;

std::vector<int64_t> per_axis(std::vector<int64_t> given, int64_t spatial, const char* op, const char* what) {
  if (given.size() == 1) given.assign(spatial, given[0]);
  bool positive = static_cast<int64_t>(given.size()) == spatial;
  for (int64_t n : given) positive &= n > 0;
  if (!positive)
    throw ValueError(std::string("[") + op + "] `" + what + "` must be one positive number or " +
                     std::to_string(spatial) + ". Received: " + what + "=" + Shape(given).to_string());
  return given;
}

bool check_format(const std::string& data_format, const char* op) {
  if (data_format != "channels_last" && data_format != "channels_first")
    throw ValueError(
        std::string("[") + op +
        "] The `data_format` argument must be one of \"channels_first\", \"channels_last\". Received: data_format=" +
        data_format);
  return data_format == "channels_first";
}

bool check_padding(const std::string& padding, const char* op) {
  if (padding != "valid" && padding != "same")
    throw ValueError(std::string("[") + op +
                     "] The `padding` argument must be one of \"valid\", \"same\". Received: padding=" + padding);
  return padding == "same";
}

Tensor channels_last(const Tensor& x) { return moveaxis(x, 1, -1); }
Tensor channels_first(const Tensor& x) { return moveaxis(x, -1, 1); }

// [lo0, hi0, …] for windows of `size` (dilation included) over a channels-last tensor; "same" puts the odd one at the
// end.
std::vector<int64_t> explicit_padding(const Shape& shape, const std::vector<int64_t>& size,
                                      const std::vector<int64_t>& strides, bool same, const char* op) {
  std::vector<int64_t> padding;
  for (size_t i = 0; i < size.size(); ++i) {
    int64_t in = shape[static_cast<int64_t>(i) + 1];
    int64_t total = 0;
    if (same) {
      int64_t out = (in + strides[i] - 1) / strides[i];
      total = std::max<int64_t>(0, (out - 1) * strides[i] + size[i] - in);
    } else if (in < size[i]) {
      throw ValueError(std::string("[") + op + "] Computed output size would be negative or zero: a window of " +
                       std::to_string(size[i]) + " on an axis of " + std::to_string(in) +
                       ". Received: inputs of shape " + shape.to_string() + " (channels last), padding=valid");
    }
    padding.push_back(total / 2);
    padding.push_back(total - total / 2);
  }
  return padding;
}

Tensor pool(const char* op, const char* keras_name, const Tensor& inputs, std::vector<int64_t> pool_size,
            std::vector<int64_t> strides, const std::string& padding, const std::string& data_format) {
  bool first = check_format(data_format, keras_name);
  bool same = check_padding(padding, keras_name);
  if (strides.empty()) strides = pool_size;
  Config arguments = Config::object(
      {{"pool_size", pool_size}, {"strides", strides}, {"padding", padding}, {"data_format", data_format}});
  return apply(keras_name, {inputs}, arguments, [=](const Xs& x) {
    Tensor in = first ? channels_last(x[0]) : x[0];
    int64_t spatial = in.rank() - 2;
    std::vector<int64_t> window = per_axis(pool_size, spatial, keras_name, "pool_size");
    std::vector<int64_t> steps = per_axis(strides, spatial, keras_name, "strides");
    std::vector<int64_t> pads = explicit_padding(in.shape(), window, steps, same, keras_name);
    Tensor out = trace::emit(op, {in}, {{"window", window}, {"strides", steps}, {"padding", pads}});
    return first ? channels_first(out) : out;
  });
}

}  // namespace

Tensor conv(const Tensor& inputs, const Tensor& kernel, std::vector<int64_t> strides, const std::string& padding,
            const std::string& data_format, std::vector<int64_t> dilation_rate) {
  bool first = check_format(data_format, "conv");
  bool same = check_padding(padding, "conv");
  Config arguments = Config::object(
      {{"strides", strides}, {"padding", padding}, {"data_format", data_format}, {"dilation_rate", dilation_rate}});
  return apply("Conv", {inputs, kernel}, arguments, [=](const Xs& x) {
    DType dtype = result_type({x[0], x[1]});
    Tensor in = to_dtype(first ? channels_last(x[0]) : x[0], dtype);
    Tensor kernel = to_dtype(x[1], dtype);
    int64_t spatial = in.rank() - 2;
    if (kernel.rank() != in.rank() || spatial < 1)
      throw ValueError("[conv] The kernel must have the rank of the inputs. Received: inputs of shape " +
                       x[0].shape().to_string() + ", kernel of shape " + x[1].shape().to_string());
    int64_t channels = in.shape()[-1], per_group = kernel.shape()[-2];
    if (per_group == 0 || channels % per_group || kernel.shape()[-1] % (channels / per_group))
      throw ValueError(
          "[conv] The number of input channels must be evenly divisible by kernel's in_channels. Received: input "
          "channels " +
          std::to_string(channels) + ", kernel of shape " + kernel.shape().to_string());
    std::vector<int64_t> steps = per_axis(strides, spatial, "conv", "strides");
    std::vector<int64_t> dilation = per_axis(dilation_rate, spatial, "conv", "dilation_rate");
    std::vector<int64_t> size;
    for (int64_t i = 0; i < spatial; ++i) size.push_back((kernel.shape()[i] - 1) * dilation[i] + 1);
    std::vector<int64_t> pads = explicit_padding(in.shape(), size, steps, same, "conv");
    Tensor out =
        trace::emit("conv", {in, kernel},
                    {{"strides", steps}, {"padding", pads}, {"dilation", dilation}, {"groups", channels / per_group}});
    return first ? channels_first(out) : out;
  });
}

Tensor depthwise_conv(const Tensor& inputs, const Tensor& kernel, std::vector<int64_t> strides,
                      const std::string& padding, const std::string& data_format, std::vector<int64_t> dilation_rate) {
  Config arguments = Config::object(
      {{"strides", strides}, {"padding", padding}, {"data_format", data_format}, {"dilation_rate", dilation_rate}});
  return apply("DepthwiseConv", {inputs, kernel}, arguments, [=](const Xs& x) {
    const Shape& given = x[1].shape();
    int64_t channels = x[0].shape()[data_format == "channels_first" ? 1 : -1];
    if (given.rank() < 3 || given[-2] != channels)
      throw ValueError(
          "[depthwise_conv] The kernel must have one channel for each of the inputs. Received: inputs of shape " +
          x[0].shape().to_string() + ", kernel of shape " + given.to_string());
    // As many groups as channels: the output channels of one stand together, as in [channels, depth_multiplier].
    Shape grouped = given;
    grouped[-2] = 1;
    grouped[-1] = given[-2] * given[-1];
    return conv(x[0], reshape(x[1], grouped), strides, padding, data_format, dilation_rate);
  });
}

Tensor separable_conv(const Tensor& inputs, const Tensor& depthwise_kernel, const Tensor& pointwise_kernel,
                      std::vector<int64_t> strides, const std::string& padding, const std::string& data_format,
                      std::vector<int64_t> dilation_rate) {
  Config arguments = Config::object(
      {{"strides", strides}, {"padding", padding}, {"data_format", data_format}, {"dilation_rate", dilation_rate}});
  return apply("SeparableConv", {inputs, depthwise_kernel, pointwise_kernel}, arguments, [=](const Xs& x) {
    Tensor between = depthwise_conv(x[0], x[1], strides, padding, data_format, dilation_rate);
    return conv(between, x[2], {1}, "valid", data_format);
  });
}

Tensor conv_transpose(const Tensor& inputs, const Tensor& kernel, std::vector<int64_t> strides,
                      const std::string& padding, std::vector<int64_t> output_padding, const std::string& data_format,
                      std::vector<int64_t> dilation_rate) {
  bool first = check_format(data_format, "conv_transpose");
  bool same = check_padding(padding, "conv_transpose");
  Config arguments = Config::object({{"strides", strides},
                                     {"padding", padding},
                                     {"output_padding", output_padding.empty() ? Config() : Config(output_padding)},
                                     {"data_format", data_format},
                                     {"dilation_rate", dilation_rate}});
  return apply("ConvTranspose", {inputs, kernel}, arguments, [=](const Xs& x) {
    DType dtype = result_type({x[0], x[1]});
    Tensor in = to_dtype(first ? channels_last(x[0]) : x[0], dtype);
    Tensor weights = to_dtype(x[1], dtype);
    int64_t spatial = in.rank() - 2;
    if (weights.rank() != in.rank() || spatial < 1 || weights.shape()[-1] != in.shape()[-1])
      throw ValueError(
          "[conv_transpose] The kernel must have the rank of the inputs and their channels as its last axis. Received: "
          "inputs of shape " +
          x[0].shape().to_string() + ", kernel of shape " + x[1].shape().to_string());
    std::vector<int64_t> steps = per_axis(strides, spatial, "conv_transpose", "strides");
    std::vector<int64_t> dilation = per_axis(dilation_rate, spatial, "conv_transpose", "dilation_rate");
    std::vector<int64_t> extra = output_padding;
    if (extra.size() == 1) extra.assign(spatial, extra[0]);
    Shape out = in.shape();
    out[-1] = weights.shape()[-2];
    std::vector<int64_t> pads;
    for (int64_t i = 0; i < spatial; ++i) {
      const int64_t k = (weights.shape()[i] - 1) * dilation[i] + 1, stride = steps[i];
      // How far the spread input is padded for a plain convolution with the flipped kernel.
      int64_t start = k - 1, end = 0;
      if (same) {
        int64_t total = extra.empty() ? stride + k - 2 : k + k % 2 - 2 + extra[i];
        start = std::min(total / 2 + total % 2, k - 1);
        end = total - start;
      } else {
        end = k - 1 + (extra.empty() ? std::max<int64_t>(stride - k, 0) : extra[i]);
      }
      out[i + 1] = (in.shape()[i + 1] - 1) * stride + start + end - k + 2;
      // The same as the padding of the convolution whose gradient this is; its last, uncovered elements are 0.
      pads.push_back(k - 1 - start);
      pads.push_back(std::max<int64_t>(k - 1 - end, 0));
    }
    Tensor y = trace::emit("conv_backward_data", {in, weights},
                           {{"input_shape", out.dims()},
                            {"strides", steps},
                            {"padding", pads},
                            {"dilation", dilation},
                            {"groups", int64_t{1}}});
    return first ? channels_first(y) : y;
  });
}

Tensor max_pool(const Tensor& inputs, std::vector<int64_t> pool_size, std::vector<int64_t> strides,
                const std::string& padding, const std::string& data_format) {
  return pool("max_pool", "MaxPool", inputs, std::move(pool_size), std::move(strides), padding, data_format);
}

Tensor average_pool(const Tensor& inputs, std::vector<int64_t> pool_size, std::vector<int64_t> strides,
                    const std::string& padding, const std::string& data_format) {
  return pool("avg_pool", "AveragePool", inputs, std::move(pool_size), std::move(strides), padding, data_format);
}

}  // namespace hornbeam::ops
