// LogCoshError.
#include <hornbeam/metrics/log_cosh_error.h>

namespace hornbeam::metrics {

static const Register<LogCoshError> registered{"LogCoshError", "keras.metrics", {"logcosh", "log_cosh"}};

LogCoshError::LogCoshError(LogCoshErrorOptions options)
    : MeanMetricWrapper(losses::log_cosh, {options.name, options.dtype}) {}

LogCoshError LogCoshError::from_config(const Config& config) {
  LogCoshErrorOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return LogCoshError(std::move(options));
}

}  // namespace hornbeam::metrics
