// MinMaxNorm.
#pragma once

#include <hornbeam/constraint.h>

namespace hornbeam::constraints {

struct MinMaxNormOptions {
  double min_value = 0.0;
  double max_value = 1.0;
  double rate = 1.0;                // how much of the way is gone at a time, in (0, 1]
  std::vector<int64_t> axis = {0};  // over which norms are taken
};

// Weights are scaled so that their norms along `axis` come into [min_value, max_value].
class MinMaxNorm : public Constraint {
 public:
  explicit MinMaxNorm(MinMaxNormOptions options = {});
  Tensor call(const Tensor& w) const override;
  Config config() const override;
  static MinMaxNorm from_config(const Config& config);

 private:
  MinMaxNormOptions options_;
};

}  // namespace hornbeam::constraints
