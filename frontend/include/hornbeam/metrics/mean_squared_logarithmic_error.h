// MeanSquaredLogarithmicError.
#pragma once

#include <hornbeam/losses/mean_squared_logarithmic_error.h>
#include <hornbeam/metrics/mean_metric_wrapper.h>

namespace hornbeam::metrics {

using losses::mean_squared_logarithmic_error;

struct MeanSquaredLogarithmicErrorOptions {
  std::string name = "mean_squared_logarithmic_error";
  DTypePolicy dtype = {};
};

// The weighted mean of (log(y_true + 1) - log(y_pred + 1))².
class MeanSquaredLogarithmicError : public MeanMetricWrapper {
 public:
  explicit MeanSquaredLogarithmicError(MeanSquaredLogarithmicErrorOptions options = {});
  static MeanSquaredLogarithmicError from_config(const Config& config);
};

}  // namespace hornbeam::metrics
