// UnitNorm.
#pragma once

#include <hornbeam/constraint.h>

namespace hornbeam::constraints {

struct UnitNormOptions {
  std::vector<int64_t> axis = {0};  // over which norms are taken
};

// Weights are scaled to norm 1 along `axis`.
class UnitNorm : public Constraint {
 public:
  explicit UnitNorm(UnitNormOptions options = {});
  Tensor call(const Tensor& w) const override;
  Config config() const override;
  static UnitNorm from_config(const Config& config);

 private:
  UnitNormOptions options_;
};

}  // namespace hornbeam::constraints
