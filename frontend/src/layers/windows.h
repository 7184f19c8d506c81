// What layers share that move a window over N spatial axes: checks, and where the axes are.
#pragma once

#include <string>
#include <vector>

#include <hornbeam/layer.h>
#include <hornbeam/layers/sizes.h>

#include "frontend/src/layers/checks.h"

namespace hornbeam::layers {

inline bool channels_first(const std::string& data_format) { return data_format == "channels_first"; }

// Axis of the channels, and of the first spatial axis, of an input with N spatial axes.
inline int64_t channel_axis(const std::string& data_format, int n) { return channels_first(data_format) ? 1 : n + 1; }
inline int64_t first_spatial_axis(const std::string& data_format) { return channels_first(data_format) ? 2 : 1; }

template <int N>
void check_positive(const std::string& class_name, const char* option, const Sizes<N>& sizes) {
  if (!sizes.positive())
    throw ValueError("[" + class_name + "] " + option + " must be positive. Received: " + option + "=" +
                     sizes.to_string());
}

inline void check_positive(const std::string& class_name, const char* option, int64_t value) {
  if (value <= 0)
    throw ValueError("[" + class_name + "] " + option + " must be positive. Received: " + option + "=" +
                     std::to_string(value));
}

template <int N>
void check_strides_or_dilation(const std::string& class_name, const Sizes<N>& strides, const Sizes<N>& dilation) {
  if (!strides.is_one() && !dilation.is_one())
    throw ValueError("[" + class_name + "] `strides > 1` not supported in conjunction with `dilation_rate > 1`. " +
                     "Received: strides=" + strides.to_string() + ", dilation_rate=" + dilation.to_string());
}

// Refuses an input that is smaller than the window of an unpadded convolution.
template <int N>
void check_window_fits(const Layer& layer, const Shape& input, const std::string& data_format,
                       const Sizes<N>& kernel_size, const Sizes<N>& dilation) {
  int64_t first = first_spatial_axis(data_format);
  for (int i = 0; i < N; ++i) {
    int64_t window = (kernel_size[i] - 1) * dilation[i] + 1, size = input[first + i];
    if (size >= 0 && size < window)
      throw ValueError("Computed output size would be negative for layer '" + layer.name() +
                       "'. Received: input of shape " + input.to_string() + ", kernel_size=" + kernel_size.to_string() +
                       ", dilation_rate=" + dilation.to_string());
  }
}

// y + bias along the channels.
Tensor add_channel_bias(const Tensor& y, const Tensor& bias, const std::string& data_format);

}  // namespace hornbeam::layers
