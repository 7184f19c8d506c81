// GlorotUniform.
#pragma once

#include <hornbeam/initializer.h>

#include <optional>
#include <vector>

namespace hornbeam::initializers {

struct GlorotUniformOptions {
  std::optional<int64_t> seed = {};  // a new one each call if unset
  std::optional<std::vector<int64_t>> input_axes = {};
  std::optional<std::vector<int64_t>> output_axes = {};
};

// Uniform within sqrt(6 / (fan_in + fan_out)): Glorot and Bengio, "Understanding the difficulty of training deep
// feedforward neural networks", 2010. The default of most kernels.
class GlorotUniform : public Initializer {
 public:
  explicit GlorotUniform(GlorotUniformOptions options = {}) : options_(std::move(options)) {}
  Array call(const Shape& shape, DType dtype) const override;
  Config config() const override;
  static GlorotUniform from_config(const Config& config);

 private:
  GlorotUniformOptions options_;
};

}  // namespace hornbeam::initializers
