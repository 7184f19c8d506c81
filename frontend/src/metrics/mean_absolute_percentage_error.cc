// MeanAbsolutePercentageError.
#include <hornbeam/metrics/mean_absolute_percentage_error.h>

namespace hornbeam::metrics {

static const Register<MeanAbsolutePercentageError> registered{
    "MeanAbsolutePercentageError", "keras.metrics", {"mape", "MAPE"}};

MeanAbsolutePercentageError::MeanAbsolutePercentageError(MeanAbsolutePercentageErrorOptions options)
    : MeanMetricWrapper(losses::mean_absolute_percentage_error, {options.name, options.dtype}) {}

MeanAbsolutePercentageError MeanAbsolutePercentageError::from_config(const Config& config) {
  MeanAbsolutePercentageErrorOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return MeanAbsolutePercentageError(std::move(options));
}

}  // namespace hornbeam::metrics
