// Conv1DTranspose, Conv2DTranspose and Conv3DTranspose.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/layers/sizes.h>
#include <hornbeam/settings.h>

namespace hornbeam::layers {

template <int N>
struct ConvTransposeOptions {
  int64_t filters = 0;  // channels of the output; must be > 0
  Sizes<N> kernel_size = 1;
  Sizes<N> strides = 1;
  std::string padding = "valid";                // or "same"
  std::optional<Sizes<N>> output_padding = {};  // less than strides; worked out if not given
  std::string data_format = config::image_data_format();
  Sizes<N> dilation_rate = 1;
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

// activation(the gradient of a convolution by its input, taken at x, + bias): x is spread by the strides.
//   x       [batch, spatial…, channels] (or channels first)  →  [batch, spatial'…, filters]
//   kernel  [kernel_size…, filters, channels], bias [filters]
// An axis of n becomes, with k = (kernel_size - 1) * dilation_rate + 1, one of
//   valid  (n - 1) * strides + k + output_padding            n * strides + max(k - strides, 0) without output_padding
//   same   (n - 1) * strides + k % 2 + output_padding        n * strides without output_padding
// Throws ValueError for sizes that are not positive, strides and dilation together, output_padding that is not less
// than strides, and inputs that are not of rank N + 2.
template <int N>
class ConvTranspose : public UnaryLayerOf<ConvTranspose<N>> {
 public:
  explicit ConvTranspose(ConvTransposeOptions<N> options);
  void check_input(const Shape& input) const override;
  void build(const Shape& input) override;
  Tensor call(const Tensor& x, const CallArgs&) override;
  Config config() const override;
  static ConvTranspose from_config(const Config& config);

  const Variable& kernel() const { return kernel_; }
  const Variable& bias() const { return bias_; }

 protected:
  Regularizer activity_regularizer() const override { return options_.activity_regularizer; }

 private:
  ConvTransposeOptions<N> options_;
  Variable kernel_, bias_;
};

extern template class ConvTranspose<1>;
extern template class ConvTranspose<2>;
extern template class ConvTranspose<3>;

using Conv1DTranspose = ConvTranspose<1>;
using Conv2DTranspose = ConvTranspose<2>;
using Conv3DTranspose = ConvTranspose<3>;
using Conv1DTransposeOptions = ConvTransposeOptions<1>;
using Conv2DTransposeOptions = ConvTransposeOptions<2>;
using Conv3DTransposeOptions = ConvTransposeOptions<3>;

}  // namespace hornbeam::layers
