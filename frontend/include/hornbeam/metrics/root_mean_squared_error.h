// RootMeanSquaredError.
#pragma once

#include <hornbeam/metrics/mean.h>

namespace hornbeam::metrics {

struct RootMeanSquaredErrorOptions {
  std::string name = "root_mean_squared_error";
  DTypePolicy dtype = {};
};

// The square root of the weighted mean of (y_pred - y_true)² over all samples.
class RootMeanSquaredError : public Mean {
 public:
  explicit RootMeanSquaredError(RootMeanSquaredErrorOptions options = {});
  void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override;
  Tensor result() const override;
  static RootMeanSquaredError from_config(const Config& config);
};

}  // namespace hornbeam::metrics
