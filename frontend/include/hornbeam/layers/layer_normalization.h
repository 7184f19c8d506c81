// LayerNormalization.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/ops/axes.h>

namespace hornbeam::layers {

struct LayerNormalizationOptions {
  Axes axis = -1;  // one, or several that are normalized together
  double epsilon = 1e-3;
  bool center = true;
  bool scale = true;
  bool rms_scaling = false;  // divides by the deviation only: no mean is taken off, nothing is added
  Initializer beta_initializer = "zeros";
  Initializer gamma_initializer = "ones";
  Regularizer beta_regularizer = {};
  Regularizer gamma_regularizer = {};
  Constraint beta_constraint = {};
  Constraint gamma_constraint = {};
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// gamma * (x - mean) / sqrt(variance + epsilon) + beta, with mean and biased variance over the axes for each sample and
// each place along the others. gamma and beta have the sizes of the axes. Ba et al., "Layer normalization", 2016.
// Throws ValueError for an axis that is not there or, when it is built, unknown.
class LayerNormalization : public UnaryLayerOf<LayerNormalization> {
 public:
  explicit LayerNormalization(LayerNormalizationOptions options = {});
  void check_input(const Shape& input) const override;
  void build(const Shape& input) override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static LayerNormalization from_config(const Config& config);

 protected:
  bool autocasts() const override { return false; }

 private:
  LayerNormalizationOptions options_;
  Variable gamma_, beta_;
};

}  // namespace hornbeam::layers
