// ReLU.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct ReLUOptions {
  std::optional<double> max_value = {};
  double negative_slope = 0.0;
  double threshold = 0.0;
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// max_value where x >= max_value, x where threshold <= x < max_value, else negative_slope * (x - threshold).
// Throws ValueError if an option is negative.
class ReLU : public UnaryLayerOf<ReLU> {
 public:
  explicit ReLU(ReLUOptions options = {});
  Tensor call(const Tensor& x, const CallArgs&) override;
  Config config() const override;
  static ReLU from_config(const Config& config);

 private:
  ReLUOptions options_;
};

}  // namespace hornbeam::layers
