// LecunNormal.
#pragma once

#include <hornbeam/initializer.h>

#include <optional>
#include <vector>

namespace hornbeam::initializers {

struct LecunNormalOptions {
  std::optional<int64_t> seed = {};  // a new one each call if unset
  std::optional<std::vector<int64_t>> input_axes = {};
  std::optional<std::vector<int64_t>> output_axes = {};
};

// Truncated normal of variance 1 / fan_in: LeCun et al., "Efficient backprop", 1998.
class LecunNormal : public Initializer {
 public:
  explicit LecunNormal(LecunNormalOptions options = {}) : options_(std::move(options)) {}
  Array call(const Shape& shape, DType dtype) const override;
  Config config() const override;
  static LecunNormal from_config(const Config& config);

 private:
  LecunNormalOptions options_;
};

}  // namespace hornbeam::initializers
