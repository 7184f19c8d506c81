// GaussianNoise.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct GaussianNoiseOptions {
  double stddev = 0.0;  // at least 0
  std::optional<int64_t> seed = {};
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// In training x plus normally distributed numbers around 0; otherwise x. Throws ValueError for a negative deviation.
class GaussianNoise : public UnaryLayerOf<GaussianNoise> {
 public:
  explicit GaussianNoise(GaussianNoiseOptions options);
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static GaussianNoise from_config(const Config& config);

 private:
  GaussianNoiseOptions options_;
  std::optional<random::SeedGenerator> seed_;
};

}  // namespace hornbeam::layers
