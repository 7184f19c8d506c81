// SeparableConv1D and SeparableConv2D.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/layers/sizes.h>
#include <hornbeam/settings.h>

namespace hornbeam::layers {

template <int N>
struct SeparableConvOptions {
  int64_t filters = 0;  // channels of the output; must be > 0
  Sizes<N> kernel_size = 1;
  Sizes<N> strides = 1;
  std::string padding = "valid";  // or "same": the odd zero is at the end
  std::string data_format = config::image_data_format();
  Sizes<N> dilation_rate = 1;
  int64_t depth_multiplier = 1;  // channels between the two convolutions for each of the input
  hornbeam::Activation activation = "linear";
  bool use_bias = true;
  Initializer depthwise_initializer = "glorot_uniform";
  Initializer pointwise_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer depthwise_regularizer = {};
  Regularizer pointwise_regularizer = {};
  Regularizer bias_regularizer = {};
  Regularizer activity_regularizer = {};
  Constraint depthwise_constraint = {};
  Constraint pointwise_constraint = {};
  Constraint bias_constraint = {};
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// A convolution of each channel with kernels of its own, then one of all channels with windows of 1: activation(that +
// bias).
//   x                 [batch, spatial…, channels] (or channels first)  →  [batch, spatial'…, filters]
//   depthwise_kernel  [kernel_size…, channels, depth_multiplier]
//   pointwise_kernel  [1…, channels * depth_multiplier, filters], bias [filters]
// Throws ValueError for options that are not positive and inputs that are not of rank N + 2 or smaller than the window.
template <int N>
class SeparableConv : public UnaryLayerOf<SeparableConv<N>> {
 public:
  explicit SeparableConv(SeparableConvOptions<N> options);
  void check_input(const Shape& input) const override;
  void build(const Shape& input) override;
  Tensor call(const Tensor& x, const CallArgs&) override;
  Config config() const override;
  static SeparableConv from_config(const Config& config);

 protected:
  Regularizer activity_regularizer() const override { return options_.activity_regularizer; }

 private:
  SeparableConvOptions<N> options_;
  Variable depthwise_kernel_, pointwise_kernel_, bias_;
};

extern template class SeparableConv<1>;
extern template class SeparableConv<2>;

using SeparableConv1D = SeparableConv<1>;
using SeparableConv2D = SeparableConv<2>;
using SeparableConv1DOptions = SeparableConvOptions<1>;
using SeparableConv2DOptions = SeparableConvOptions<2>;

}  // namespace hornbeam::layers
