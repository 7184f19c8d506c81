// HeUniform.
#pragma once

#include <hornbeam/initializer.h>

#include <optional>
#include <vector>

namespace hornbeam::initializers {

struct HeUniformOptions {
  std::optional<int64_t> seed = {};  // a new one each call if unset
  std::optional<std::vector<int64_t>> input_axes = {};
  std::optional<std::vector<int64_t>> output_axes = {};
};

// Uniform within sqrt(6 / fan_in): He et al., "Delving deep into rectifiers", 2015.
class HeUniform : public Initializer {
 public:
  explicit HeUniform(HeUniformOptions options = {}) : options_(std::move(options)) {}
  Array call(const Shape& shape, DType dtype) const override;
  Config config() const override;
  static HeUniform from_config(const Config& config);

 private:
  HeUniformOptions options_;
};

}  // namespace hornbeam::initializers
