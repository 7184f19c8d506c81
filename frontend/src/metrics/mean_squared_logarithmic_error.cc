// MeanSquaredLogarithmicError.
#include <hornbeam/metrics/mean_squared_logarithmic_error.h>

namespace hornbeam::metrics {

static const Register<MeanSquaredLogarithmicError> registered{
    "MeanSquaredLogarithmicError", "keras.metrics", {"msle", "MSLE"}};

MeanSquaredLogarithmicError::MeanSquaredLogarithmicError(MeanSquaredLogarithmicErrorOptions options)
    : MeanMetricWrapper(losses::mean_squared_logarithmic_error, {options.name, options.dtype}) {}

MeanSquaredLogarithmicError MeanSquaredLogarithmicError::from_config(const Config& config) {
  MeanSquaredLogarithmicErrorOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return MeanSquaredLogarithmicError(std::move(options));
}

}  // namespace hornbeam::metrics
