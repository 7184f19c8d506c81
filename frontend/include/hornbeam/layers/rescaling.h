// Rescaling.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/layers/sizes.h>

namespace hornbeam::layers {

struct RescalingOptions {
  Numbers scale = 1.0;   // one, or one for each channel of the last axis
  Numbers offset = 0.0;
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// x * scale + offset in the layer's dtype: {.scale = 1. / 255} brings bytes to [0, 1].
class Rescaling : public UnaryLayerOf<Rescaling> {
 public:
  explicit Rescaling(RescalingOptions options);
  Tensor call(const Tensor& x, const CallArgs&) override;
  Config config() const override;
  static Rescaling from_config(const Config& config);

 private:
  RescalingOptions options_;
};

}  // namespace hornbeam::layers
