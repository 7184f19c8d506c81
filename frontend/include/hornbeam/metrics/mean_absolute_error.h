// MeanAbsoluteError.
#pragma once

#include <hornbeam/metrics/mean_metric_wrapper.h>

namespace hornbeam::metrics {

struct MeanAbsoluteErrorOptions {
  std::string name = "mean_absolute_error";
  DTypePolicy dtype = {};
};

// The mean of |y_true - y_pred|.
class MeanAbsoluteError : public MeanMetricWrapper {
 public:
  explicit MeanAbsoluteError(MeanAbsoluteErrorOptions options = {});
  static MeanAbsoluteError from_config(const Config& config);
};

}  // namespace hornbeam::metrics
