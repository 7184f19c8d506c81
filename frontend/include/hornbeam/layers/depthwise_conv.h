// DepthwiseConv1D and DepthwiseConv2D.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/layers/sizes.h>
#include <hornbeam/settings.h>

namespace hornbeam::layers {

template <int N>
struct DepthwiseConvOptions {
  Sizes<N> kernel_size = 1;
  Sizes<N> strides = 1;
  std::string padding = "valid";  // or "same": the odd zero is at the end
  int64_t depth_multiplier = 1;   // channels of the output for each of the input
  std::string data_format = config::image_data_format();
  Sizes<N> dilation_rate = 1;
  hornbeam::Activation activation = "linear";
  bool use_bias = true;
  Initializer depthwise_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer depthwise_regularizer = {};
  Regularizer bias_regularizer = {};
  Regularizer activity_regularizer = {};
  Constraint depthwise_constraint = {};
  Constraint bias_constraint = {};
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// activation(each channel of x convolved with kernels of its own, + bias).
//   x       [batch, spatial…, channels] (or channels first)  →  [batch, spatial'…, channels * depth_multiplier]
//   kernel  [kernel_size…, channels, depth_multiplier], bias [channels * depth_multiplier]
// Throws ValueError for options that are not positive and inputs that are not of rank N + 2 or smaller than the window.
template <int N>
class DepthwiseConv : public UnaryLayerOf<DepthwiseConv<N>> {
 public:
  explicit DepthwiseConv(DepthwiseConvOptions<N> options);
  void check_input(const Shape& input) const override;
  void build(const Shape& input) override;
  Tensor call(const Tensor& x, const CallArgs&) override;
  Config config() const override;
  static DepthwiseConv from_config(const Config& config);

  const Variable& kernel() const { return kernel_; }
  const Variable& bias() const { return bias_; }

 protected:
  Regularizer activity_regularizer() const override { return options_.activity_regularizer; }

 private:
  DepthwiseConvOptions<N> options_;
  Variable kernel_, bias_;
};

extern template class DepthwiseConv<1>;
extern template class DepthwiseConv<2>;

using DepthwiseConv1D = DepthwiseConv<1>;
using DepthwiseConv2D = DepthwiseConv<2>;
using DepthwiseConv1DOptions = DepthwiseConvOptions<1>;
using DepthwiseConv2DOptions = DepthwiseConvOptions<2>;

}  // namespace hornbeam::layers
