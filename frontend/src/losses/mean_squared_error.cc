// MeanSquaredError.
#include <hornbeam/losses/mean_squared_error.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/ranks.h"

namespace hornbeam::losses {

static const Register<MeanSquaredError> registered{"MeanSquaredError", "keras.losses", {"mse", "MSE"}};

MeanSquaredError::MeanSquaredError(MeanSquaredErrorOptions options)
    : Loss(options.name, options.reduction, options.dtype), options_(std::move(options)) {}

Tensor mean_squared_error(const Tensor& y_true, const Tensor& y_pred) {
  auto [truth, prediction] = same_rank(ops::cast(y_true, y_pred.dtype()), y_pred);
  return ops::mean(ops::square(truth - prediction), -1);
}

Tensor MeanSquaredError::call(const Tensor& y_true, const Tensor& y_pred) const {
  return mean_squared_error(y_true, y_pred);
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
