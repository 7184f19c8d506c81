// LogCoshError.
#pragma once

#include <hornbeam/losses/log_cosh.h>
#include <hornbeam/metrics/mean_metric_wrapper.h>

namespace hornbeam::metrics {

using losses::log_cosh;

struct LogCoshErrorOptions {
  std::string name = "logcosh";
  DTypePolicy dtype = {};
};

// The weighted mean of log_cosh: log(cosh(y_pred - y_true)).
class LogCoshError : public MeanMetricWrapper {
 public:
  explicit LogCoshError(LogCoshErrorOptions options = {});
  static LogCoshError from_config(const Config& config);
};

}  // namespace hornbeam::metrics
