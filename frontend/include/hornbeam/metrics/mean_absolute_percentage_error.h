// MeanAbsolutePercentageError.
#pragma once

#include <hornbeam/losses/mean_absolute_percentage_error.h>
#include <hornbeam/metrics/mean_metric_wrapper.h>

namespace hornbeam::metrics {

using losses::mean_absolute_percentage_error;

struct MeanAbsolutePercentageErrorOptions {
  std::string name = "mean_absolute_percentage_error";
  DTypePolicy dtype = {};
};

// The weighted mean of 100 |y_true - y_pred| / |y_true|.
class MeanAbsolutePercentageError : public MeanMetricWrapper {
 public:
  explicit MeanAbsolutePercentageError(MeanAbsolutePercentageErrorOptions options = {});
  static MeanAbsolutePercentageError from_config(const Config& config);
};

}  // namespace hornbeam::metrics
