// LeakyReLU.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct LeakyReLUOptions {
  double negative_slope = 0.3;
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// x where x > 0, else negative_slope * x. Maas et al., "Rectifier nonlinearities improve neural network acoustic
// models", ICML 2013. Throws ValueError if the slope is negative.
class LeakyReLU : public UnaryLayerOf<LeakyReLU> {
 public:
  explicit LeakyReLU(LeakyReLUOptions options = {});
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static LeakyReLU from_config(const Config& config);

 private:
  LeakyReLUOptions options_;
};

}  // namespace hornbeam::layers
