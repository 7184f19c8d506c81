// Dropout.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct DropoutOptions {
  double rate = 0.0;                       // the fraction of elements to drop, in [0, 1]
  std::optional<Shape> noise_shape = {};   // kUnknown for an axis of the input's size
  std::optional<int64_t> seed = {};
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// In training each element is 0 with probability `rate`, else x / (1 - rate); otherwise x. The random numbers follow from
// the seed and a counter in the layer's state, which each training call counts up by one.
// Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 2014.
class Dropout : public UnaryLayerOf<Dropout> {
 public:
  explicit Dropout(DropoutOptions options);
  void check_input(const Shape& input) const override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static Dropout from_config(const Config& config);

 private:
  DropoutOptions options_;
  std::optional<random::SeedGenerator> seed_;
};

}  // namespace hornbeam::layers
