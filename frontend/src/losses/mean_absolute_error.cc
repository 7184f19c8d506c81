// MeanAbsoluteError.
#include <hornbeam/losses/mean_absolute_error.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/ranks.h"

namespace hornbeam::losses {

static const Register<MeanAbsoluteError> registered{"MeanAbsoluteError", "keras.losses", {"mae", "MAE"}};

MeanAbsoluteError::MeanAbsoluteError(MeanAbsoluteErrorOptions options)
    : Loss(options.name, options.reduction, options.dtype), options_(std::move(options)) {}

Tensor mean_absolute_error(const Tensor& y_true, const Tensor& y_pred) {
  auto [truth, prediction] = same_rank(ops::cast(y_true, y_pred.dtype()), y_pred);
  return ops::mean(ops::abs(truth - prediction), -1);
}

Tensor MeanAbsoluteError::call(const Tensor& y_true, const Tensor& y_pred) const {
  return mean_absolute_error(y_true, y_pred);
}

Config MeanAbsoluteError::config() const { return Loss::config(); }

MeanAbsoluteError MeanAbsoluteError::from_config(const Config& config) {
  MeanAbsoluteErrorOptions options;
  config.read("reduction", options.reduction);
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return MeanAbsoluteError(std::move(options));
}

}  // namespace hornbeam::losses
