// MeanSquaredError.
#pragma once

#include <hornbeam/metrics/mean_metric_wrapper.h>

namespace hornbeam::metrics {

struct MeanSquaredErrorOptions {
  std::string name = "mean_squared_error";
  DTypePolicy dtype = {};
};

// The mean of (y_true - y_pred)².
class MeanSquaredError : public MeanMetricWrapper {
 public:
  explicit MeanSquaredError(MeanSquaredErrorOptions options = {});
  static MeanSquaredError from_config(const Config& config);
};

}  // namespace hornbeam::metrics
