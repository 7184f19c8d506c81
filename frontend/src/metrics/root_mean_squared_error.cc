// RootMeanSquaredError.
#include <hornbeam/metrics/root_mean_squared_error.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/ranks.h"

namespace hornbeam::metrics {

static const Register<RootMeanSquaredError> registered{"RootMeanSquaredError", "keras.metrics"};

RootMeanSquaredError::RootMeanSquaredError(RootMeanSquaredErrorOptions options) : Mean({options.name, options.dtype}) {}

void RootMeanSquaredError::update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) {
  auto [truth, prediction] = losses::same_rank(ops::cast(y_true, dtype()), ops::cast(y_pred, dtype()));
  Mean::update_state(ops::square(prediction - truth), {}, sample_weight);
}

Tensor RootMeanSquaredError::result() const { return ops::sqrt(Mean::result()); }

RootMeanSquaredError RootMeanSquaredError::from_config(const Config& config) {
  RootMeanSquaredErrorOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return RootMeanSquaredError(std::move(options));
}

}  // namespace hornbeam::metrics
