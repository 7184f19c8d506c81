// GlorotNormal.
#pragma once

#include <hornbeam/initializer.h>

#include <optional>
#include <vector>

namespace hornbeam::initializers {

struct GlorotNormalOptions {
  std::optional<int64_t> seed = {};  // a new one each call if unset
  std::optional<std::vector<int64_t>> input_axes = {};
  std::optional<std::vector<int64_t>> output_axes = {};
};

// Truncated normal of variance 2 / (fan_in + fan_out): Glorot and Bengio, 2010.
class GlorotNormal : public Initializer {
 public:
  explicit GlorotNormal(GlorotNormalOptions options = {}) : options_(std::move(options)) {}
  Array call(const Shape& shape, DType dtype) const override;
  Config config() const override;
  static GlorotNormal from_config(const Config& config);

 private:
  GlorotNormalOptions options_;
};

}  // namespace hornbeam::initializers
