// RandomUniform.
#pragma once

#include <hornbeam/initializer.h>

#include <optional>

namespace hornbeam::initializers {

struct RandomUniformOptions {
  double minval = -0.05;
  double maxval = 0.05;
  std::optional<int64_t> seed = {};  // a new one each call if unset
};

// Uniform in [minval, maxval).
class RandomUniform : public Initializer {
 public:
  explicit RandomUniform(RandomUniformOptions options = {}) : options_(options) {}
  Array call(const Shape& shape, DType dtype) const override;
  Config config() const override;
  static RandomUniform from_config(const Config& config);

 private:
  RandomUniformOptions options_;
};

}  // namespace hornbeam::initializers
