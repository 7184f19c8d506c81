// Conv2D.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/layers/sizes.h>

namespace hornbeam::layers {

struct Conv2DOptions {
  int64_t filters = 0;  // channels of the output; must be > 0
  Size2 kernel_size = 1;
  Size2 strides = 1;
  std::string padding = "valid";  // or "same": the odd zero is at the end
  std::string data_format = "channels_last";
  Size2 dilation_rate = 1;
  int64_t groups = 1;
  hornbeam::Activation activation = "linear";
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer bias_regularizer = {};
  Regularizer activity_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint bias_constraint = {};
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// activation(cross-correlation of x with the kernel, + bias).
//   x       [batch, height, width, channels] (or channels first)  →  [batch, height', width', filters]
//   kernel  [kernel height, kernel width, channels / groups, filters], bias [filters]
// Throws ValueError for options that are not positive, strides and dilation together, filters or channels that groups do
// not divide, and inputs that are not of rank 4 or smaller than the window.
class Conv2D : public UnaryLayerOf<Conv2D> {
 public:
  explicit Conv2D(Conv2DOptions options);
  void check_input(const Shape& input) const override;
  void build(const Shape& input) override;
  Tensor call(const Tensor& x, const CallArgs&) override;
  Config config() const override;
  static Conv2D from_config(const Config& config);

  const Variable& kernel() const { return kernel_; }
  const Variable& bias() const { return bias_; }

 protected:
  Regularizer activity_regularizer() const override { return options_.activity_regularizer; }

 private:
  int64_t channel_axis() const { return options_.data_format == "channels_first" ? 1 : 3; }

  Conv2DOptions options_;
  Variable kernel_, bias_;
};

}  // namespace hornbeam::layers
