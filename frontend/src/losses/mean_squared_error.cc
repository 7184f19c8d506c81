// MeanSquaredError.
#include <hornbeam/losses/mean_squared_error.h>

#include <hornbeam/ops.h>

namespace hornbeam::losses {

static const Register<MeanSquaredError> registered{"MeanSquaredError", "keras.losses", {"mse", "MSE"}};

MeanSquaredError::MeanSquaredError(MeanSquaredErrorOptions options)
    : Loss(options.name, options.reduction, options.dtype), options_(std::move(options)) {}

Tensor MeanSquaredError::call(const Tensor& y_true, const Tensor& y_pred) const {
  return ops::mean(ops::square(y_true - y_pred), -1);
}

Config MeanSquaredError::config() const { return Loss::config(); }

MeanSquaredError MeanSquaredError::from_config(const Config& config) {
  MeanSquaredErrorOptions options;
  config.read("reduction", options.reduction);
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return MeanSquaredError(std::move(options));
}

}  // namespace hornbeam::losses
