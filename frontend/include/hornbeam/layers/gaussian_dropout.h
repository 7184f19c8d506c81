// GaussianDropout.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct GaussianDropoutOptions {
  double rate = 0.0;  // the deviation is sqrt(rate / (1 - rate)), as Dropout's; in [0, 1)
  std::optional<int64_t> seed = {};
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// In training x times normally distributed numbers around 1; otherwise x. Srivastava et al., "Dropout", JMLR 2014.
// Throws ValueError for a rate outside [0, 1).
class GaussianDropout : public UnaryLayerOf<GaussianDropout> {
 public:
  explicit GaussianDropout(GaussianDropoutOptions options);
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static GaussianDropout from_config(const Config& config);

 private:
  GaussianDropoutOptions options_;
  std::optional<random::SeedGenerator> seed_;
};

}  // namespace hornbeam::layers
