// Dense.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct DenseOptions {
  int64_t units = 0;  // size of the last axis of the output; must be > 0
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

// activation(x · kernel + bias), over the last axis. With lora_rank kernel + lora_alpha / lora_rank * a · b stands for the
// kernel, and only a and b are trained: Hu et al., "LoRA", 2021.
//   x       [..., in]        →  [..., units]
//   kernel  [in, units], bias [units]
// Throws ValueError if units <= 0, if x has fewer than two axes, or if x's last axis is unknown when the layer is built.
class Dense : public UnaryLayerOf<Dense> {
 public:
  explicit Dense(DenseOptions options);
  void check_input(const Shape& input) const override;
  void build(const Shape& input) override;
  Tensor call(const Tensor& x, const CallArgs&) override;
  Config config() const override;
  static Dense from_config(const Config& config);

  const Variable& kernel() const { return kernel_; }
  const Variable& bias() const { return bias_; }

 protected:
  Regularizer activity_regularizer() const override { return options_.activity_regularizer; }

 private:
  DenseOptions options_;
  Variable kernel_, bias_;
  Variable lora_kernel_a_, lora_kernel_b_;  // with lora_rank only
};

}  // namespace hornbeam::layers
