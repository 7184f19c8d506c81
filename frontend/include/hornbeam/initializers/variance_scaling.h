// VarianceScaling.
#pragma once

#include <hornbeam/initializer.h>

#include <optional>
#include <string>
#include <vector>

namespace hornbeam::initializers {

struct VarianceScalingOptions {
  double scale = 1.0;                             // > 0
  std::string mode = "fan_in";                    // "fan_in", "fan_out" or "fan_avg"
  std::string distribution = "truncated_normal";  // or "untruncated_normal", "uniform"; "normal" is the first
  std::optional<int64_t> seed = {};               // a new one each call if unset
  std::optional<std::vector<int64_t>> input_axes = {};
  std::optional<std::vector<int64_t>> output_axes = {};
};

// Zero mean and variance scale / n, n the weight's number of input units, output units, or their mean. A vector's
// length is both; a kernel [..., in, out] multiplies both by its receptive field; input_axes and output_axes override
// it. Throws ValueError for scale <= 0, an unknown mode or distribution.
class VarianceScaling : public Initializer {
 public:
  explicit VarianceScaling(VarianceScalingOptions options = {});
  Array call(const Shape& shape, DType dtype) const override;
  Config config() const override;
  static VarianceScaling from_config(const Config& config);

 private:
  VarianceScalingOptions options_;
};

}  // namespace hornbeam::initializers
