// Conv1D, Conv2D and Conv3D.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/layers/sizes.h>
#include <hornbeam/settings.h>

namespace hornbeam::layers {

template <int N>
struct ConvOptions {
  int64_t filters = 0;  // channels of the output; must be > 0
  Sizes<N> kernel_size = 1;
  Sizes<N> strides = 1;
  std::string padding = "valid";  // or "same": the odd zero is at the end; Conv1D also "causal": all zeros in front
  std::string data_format = config::image_data_format();
  Sizes<N> dilation_rate = 1;
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
  std::optional<int64_t> lora_rank = {};  // the kernel is frozen, and a product of this rank is added to it
  std::optional<double> lora_alpha = {};  // lora_rank if unset
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// activation(cross-correlation of x with the kernel, + bias).
//   x       [batch, spatial…, channels] (or channels first)  →  [batch, spatial'…, filters]
//   kernel  [kernel_size…, channels / groups, filters], bias [filters]
// Throws ValueError for options that are not positive, strides and dilation together, filters or channels that groups
// do not divide, and inputs that are not of rank N + 2 or smaller than the window.
template <int N>
class Conv : public UnaryLayerOf<Conv<N>> {
 public:
  explicit Conv(ConvOptions<N> options);
  void check_input(const Shape& input) const override;
  void build(const Shape& input) override;
  Tensor call(const Tensor& x, const CallArgs&) override;
  Config config() const override;
  static Conv from_config(const Config& config);

  const Variable& kernel() const { return kernel_; }
  const Variable& bias() const { return bias_; }

 protected:
  Regularizer activity_regularizer() const override { return options_.activity_regularizer; }

 private:
  ConvOptions<N> options_;
  Variable kernel_, bias_;
  Variable lora_kernel_a_, lora_kernel_b_;  // with lora_rank only
};

extern template class Conv<1>;
extern template class Conv<2>;
extern template class Conv<3>;

using Conv1D = Conv<1>;
using Conv2D = Conv<2>;
using Conv3D = Conv<3>;
using Conv1DOptions = ConvOptions<1>;
using Conv2DOptions = ConvOptions<2>;
using Conv3DOptions = ConvOptions<3>;

}  // namespace hornbeam::layers
