// MeanAbsolutePercentageError.
#include <hornbeam/losses/mean_absolute_percentage_error.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/options.h"
#include "frontend/src/losses/ranks.h"

namespace hornbeam::losses {

static const Register<MeanAbsolutePercentageError> registered{
    "MeanAbsolutePercentageError", "keras.losses", {"mape", "MAPE"}};

MeanAbsolutePercentageError::MeanAbsolutePercentageError(MeanAbsolutePercentageErrorOptions options)
    : Loss(options.name, options.reduction, options.dtype) {}

Tensor mean_absolute_percentage_error(const Tensor& y_true, const Tensor& y_pred) {
  auto [truth, prediction] = same_rank(ops::cast(y_true, y_pred.dtype()), y_pred);
  Tensor relative = (truth - prediction) / ops::maximum(ops::abs(truth), config::epsilon());
  return ops::mean(ops::abs(relative), -1) * 100.0;
}

Tensor MeanAbsolutePercentageError::call(const Tensor& y_true, const Tensor& y_pred) const {
  return mean_absolute_percentage_error(y_true, y_pred);
}

MeanAbsolutePercentageError MeanAbsolutePercentageError::from_config(const Config& config) {
  MeanAbsolutePercentageErrorOptions options;
  read_common(config, options);
  return MeanAbsolutePercentageError(std::move(options));
}

}  // namespace hornbeam::losses
