// GroupNormalization.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct GroupNormalizationOptions {
  int64_t groups = 32;  // of features; -1: each feature by itself (instance normalization)
  int64_t axis = -1;    // of the features
  double epsilon = 1e-3;
  bool center = true;
  bool scale = true;
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

// gamma * (x - mean) / sqrt(variance + epsilon) + beta, per feature; mean and biased variance are those of a sample's
// group of features. Wu and He, "Group normalization", ECCV 2018. Throws ValueError for an axis that is not there, and
// for features that groups do not divide.
class GroupNormalization : public UnaryLayerOf<GroupNormalization> {
 public:
  explicit GroupNormalization(GroupNormalizationOptions options = {});
  void check_input(const Shape& input) const override;
  void build(const Shape& input) override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static GroupNormalization from_config(const Config& config);

 protected:
  bool autocasts() const override { return false; }

 private:
  GroupNormalizationOptions options_;
  Variable gamma_, beta_;
};

}  // namespace hornbeam::layers
