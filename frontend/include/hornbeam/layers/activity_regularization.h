// ActivityRegularization.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct ActivityRegularizationOptions {
  double l1 = 0.0;
  double l2 = 0.0;
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// Its input as it is, whose l1 * sum |x| + l2 * sum x^2, divided by the batch size, is added to the training loss.
class ActivityRegularization : public UnaryLayerOf<ActivityRegularization> {
 public:
  explicit ActivityRegularization(ActivityRegularizationOptions options = {});
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static ActivityRegularization from_config(const Config& config);

 protected:
  Regularizer activity_regularizer() const override;

 private:
  ActivityRegularizationOptions options_;
};

}  // namespace hornbeam::layers
