// MaxNorm.
#pragma once

#include <hornbeam/constraint.h>

namespace hornbeam::constraints {

struct MaxNormOptions {
  double max_value = 2.0;
  std::vector<int64_t> axis = {0};  // over which norms are taken
};

// Weights are scaled so that their norms along `axis` are at most max_value.
class MaxNorm : public Constraint {
 public:
  explicit MaxNorm(MaxNormOptions options = {});
  Tensor call(const Tensor& w) const override;
  Config config() const override;
  static MaxNorm from_config(const Config& config);

 private:
  MaxNormOptions options_;
};

}  // namespace hornbeam::constraints
