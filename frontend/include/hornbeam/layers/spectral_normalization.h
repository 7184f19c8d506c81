// SpectralNormalization.
#pragma once

#include <hornbeam/layers/wrapper.h>

namespace hornbeam::layers {

struct SpectralNormalizationOptions {
  WrappedLayer layer;  // one with a kernel or embeddings; must be given
  int64_t power_iterations = 1;
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// The layer, whose kernel is divided by its largest singular value (as power iteration finds it) in each training call
// before it is used: the kernel keeps the new value. The kernel counts as a matrix [the rest, last axis]; one of zeros
// stays. Miyato et al., "Spectral normalization for generative adversarial networks", ICLR 2018.
// Throws ValueError without a layer, for one without kernel and embeddings, and if power_iterations is not positive.
class SpectralNormalization : public Wrapper<SpectralNormalization> {
 public:
  explicit SpectralNormalization(SpectralNormalizationOptions options);
  void build(const Shape& input) override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static SpectralNormalization from_config(const Config& config);

 private:
  int64_t power_iterations_;
  Variable kernel_, vector_u_;
};

}  // namespace hornbeam::layers
