// MeanSquaredLogarithmicError.
#include <hornbeam/losses/mean_squared_logarithmic_error.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/options.h"
#include "frontend/src/losses/ranks.h"

namespace hornbeam::losses {

static const Register<MeanSquaredLogarithmicError> registered{
    "MeanSquaredLogarithmicError", "keras.losses", {"msle", "MSLE"}};

MeanSquaredLogarithmicError::MeanSquaredLogarithmicError(MeanSquaredLogarithmicErrorOptions options)
    : Loss(options.name, options.reduction, options.dtype) {}

Tensor mean_squared_logarithmic_error(const Tensor& y_true, const Tensor& y_pred) {
  auto [truth, prediction] = same_rank(ops::cast(y_true, y_pred.dtype()), y_pred);
  auto logarithm = [](const Tensor& x) { return ops::log(ops::maximum(x, config::epsilon()) + 1.0); };
  return ops::mean(ops::square(logarithm(prediction) - logarithm(truth)), -1);
}

Tensor MeanSquaredLogarithmicError::call(const Tensor& y_true, const Tensor& y_pred) const {
  return mean_squared_logarithmic_error(y_true, y_pred);
}

MeanSquaredLogarithmicError MeanSquaredLogarithmicError::from_config(const Config& config) {
  MeanSquaredLogarithmicErrorOptions options;
  read_common(config, options);
  return MeanSquaredLogarithmicError(std::move(options));
}

}  // namespace hornbeam::losses
