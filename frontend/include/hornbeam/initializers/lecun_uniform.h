// LecunUniform.
#pragma once

#include <hornbeam/initializer.h>

#include <optional>
#include <vector>

namespace hornbeam::initializers {

struct LecunUniformOptions {
  std::optional<int64_t> seed = {};  // a new one each call if unset
  std::optional<std::vector<int64_t>> input_axes = {};
  std::optional<std::vector<int64_t>> output_axes = {};
};

// Uniform within sqrt(3 / fan_in): LeCun et al., "Efficient backprop", 1998.
class LecunUniform : public Initializer {
 public:
  explicit LecunUniform(LecunUniformOptions options = {}) : options_(std::move(options)) {}
  Array call(const Shape& shape, DType dtype) const override;
  Config config() const override;
  static LecunUniform from_config(const Config& config);

 private:
  LecunUniformOptions options_;
};

}  // namespace hornbeam::initializers
