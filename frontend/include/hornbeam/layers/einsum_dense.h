// EinsumDense.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct EinsumDenseOptions {
  std::string equation = {};  // "abc,cd->abd": input, kernel, output; "..." at the start or end of input and output
  Shape output_shape = {};    // without the batch and the axes of "..."; kUnknown for an axis of the input's size
  hornbeam::Activation activation = "linear";
  std::optional<std::string> bias_axes = {};  // letters of the output that the bias has; no bias if not given
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

// activation(einsum(equation, x, kernel) + bias): a dense layer over any axes. The kernel's sizes follow from the
// input's shape and output_shape. Throws ValueError for an equation that is not of the form above, letters that do not
// match, and sizes that contradict each other or are unknown when it is built.
class EinsumDense : public UnaryLayerOf<EinsumDense> {
 public:
  explicit EinsumDense(EinsumDenseOptions options);
  void check_input(const Shape& input) const override;
  void build(const Shape& input) override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static EinsumDense from_config(const Config& config);

  const Variable& kernel() const { return kernel_; }
  const Variable& bias() const { return bias_; }

 protected:
  Regularizer activity_regularizer() const override { return options_.activity_regularizer; }

 private:
  EinsumDenseOptions options_;
  Variable kernel_, bias_;
  Variable lora_kernel_a_, lora_kernel_b_;  // with lora_rank only
};

}  // namespace hornbeam::layers
