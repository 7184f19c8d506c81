// MeanSquaredError.
#include <hornbeam/losses/mean_squared_error.h>
#include <hornbeam/metrics/mean_squared_error.h>

namespace hornbeam::metrics {

static const Register<MeanSquaredError> registered{"MeanSquaredError", "keras.metrics", {"mse", "MSE"}};

MeanSquaredError::MeanSquaredError(MeanSquaredErrorOptions options)
    : MeanMetricWrapper(losses::mean_squared_error, {options.name, options.dtype}) {}

MeanSquaredError MeanSquaredError::from_config(const Config& config) {
  MeanSquaredErrorOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return MeanSquaredError(std::move(options));
}

}  // namespace hornbeam::metrics
