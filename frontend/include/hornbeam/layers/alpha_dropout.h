// AlphaDropout.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct AlphaDropoutOptions {
  double rate = 0.0;                      // the fraction of elements to drop, in [0, 1)
  std::optional<int64_t> seed = {};
  std::optional<Shape> noise_shape = {};  // kUnknown for an axis of the input's size
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// Dropout that keeps mean and variance: in training an element that is dropped becomes the negative limit of selu, and
// all are scaled and shifted. Klambauer et al., "Self-normalizing neural networks", NIPS 2017. Throws ValueError for a
// rate outside [0, 1).
class AlphaDropout : public UnaryLayerOf<AlphaDropout> {
 public:
  explicit AlphaDropout(AlphaDropoutOptions options);
  void check_input(const Shape& input) const override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static AlphaDropout from_config(const Config& config);

 private:
  AlphaDropoutOptions options_;
  std::optional<random::SeedGenerator> seed_;
};

}  // namespace hornbeam::layers
