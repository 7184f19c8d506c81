// HeNormal.
#pragma once

#include <hornbeam/initializer.h>

#include <optional>
#include <vector>

namespace hornbeam::initializers {

struct HeNormalOptions {
  std::optional<int64_t> seed = {};  // a new one each call if unset
  std::optional<std::vector<int64_t>> input_axes = {};
  std::optional<std::vector<int64_t>> output_axes = {};
};

// Truncated normal of variance 2 / fan_in: He et al., "Delving deep into rectifiers", 2015.
class HeNormal : public Initializer {
 public:
  explicit HeNormal(HeNormalOptions options = {}) : options_(std::move(options)) {}
  Array call(const Shape& shape, DType dtype) const override;
  Config config() const override;
  static HeNormal from_config(const Config& config);

 private:
  HeNormalOptions options_;
};

}  // namespace hornbeam::initializers
