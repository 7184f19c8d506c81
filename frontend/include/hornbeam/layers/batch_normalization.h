// BatchNormalization.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

// Bounds of batch renormalization's corrections; none by default.
struct RenormClipping {
  std::optional<double> rmax = {}, rmin = {}, dmax = {};
  Config config() const;
  static RenormClipping from_config(const Config& config);
};

struct BatchNormalizationOptions {
  int64_t axis = -1;  // of the features
  double momentum = 0.99;
  double epsilon = 1e-3;
  bool center = true;
  bool scale = true;
  Initializer beta_initializer = "zeros";
  Initializer gamma_initializer = "ones";
  Initializer moving_mean_initializer = "zeros";
  Initializer moving_variance_initializer = "ones";
  Regularizer beta_regularizer = {};
  Regularizer gamma_regularizer = {};
  Constraint beta_constraint = {};
  Constraint gamma_constraint = {};
  bool synchronized = false;  // statistics over all replicas of the model, of which there is one: changes nothing
  bool renorm = false;  // batch renormalization
  RenormClipping renorm_clipping = {};
  double renorm_momentum = 0.99;
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// gamma * (x - mean) / sqrt(variance + epsilon) + beta, per feature. In training the mean and the biased variance are the
// batch's, and the moving ones follow: moving = moving * momentum + batch's * (1 - momentum). Otherwise, and where the layer
// is not trainable, the moving ones are used. With a mask [batch, ...] (without x's last axis) only the elements that it
// keeps count. With renorm training, too, normalizes by moving statistics, but for the gradient:
//   x' * r + d instead of x', r = deviation / renorm_stddev, d = (mean - renorm_mean) / renorm_stddev, both constants.
// Ioffe and Szegedy, "Batch normalization: accelerating deep network training", ICML 2015; Ioffe, "Batch renormalization",
// 2017. Throws ValueError for a mask of another rank, or for rmax < rmin or dmax < 0.
class BatchNormalization : public UnaryLayerOf<BatchNormalization> {
 public:
  explicit BatchNormalization(BatchNormalizationOptions options = {});
  void check_input(const Shape& input) const override;
  void build(const Shape& input) override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static BatchNormalization from_config(const Config& config);

 private:
  struct Moments {
    Tensor mean, variance;  // [features]
  };
  Moments moments(const Tensor& x, const std::vector<int64_t>& others, const Tensor& mask) const;

  BatchNormalizationOptions options_;
  Variable gamma_, beta_, moving_mean_, moving_variance_;
  Variable moving_stddev_, renorm_mean_, renorm_stddev_;  // with renorm only
};

}  // namespace hornbeam::layers
