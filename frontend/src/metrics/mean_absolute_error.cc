// MeanAbsoluteError.
#include <hornbeam/losses/mean_absolute_error.h>
#include <hornbeam/metrics/mean_absolute_error.h>

namespace hornbeam::metrics {

static const Register<MeanAbsoluteError> registered{"MeanAbsoluteError", "keras.metrics", {"mae", "MAE"}};

MeanAbsoluteError::MeanAbsoluteError(MeanAbsoluteErrorOptions options)
    : MeanMetricWrapper(losses::mean_absolute_error, {options.name, options.dtype}) {}

MeanAbsoluteError MeanAbsoluteError::from_config(const Config& config) {
  MeanAbsoluteErrorOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return MeanAbsoluteError(std::move(options));
}

}  // namespace hornbeam::metrics
