// Poisson.
#include <hornbeam/losses/poisson.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/options.h"

namespace hornbeam::losses {

static const Register<Poisson> registered{"Poisson", "keras.losses"};

Poisson::Poisson(PoissonOptions options) : Loss(options.name, options.reduction, options.dtype) {}

Tensor poisson(const Tensor& y_true, const Tensor& y_pred) {
  Tensor truth = ops::cast(y_true, y_pred.dtype());
  return ops::mean(y_pred - truth * ops::log(y_pred + config::epsilon()), -1);
}

Tensor Poisson::call(const Tensor& y_true, const Tensor& y_pred) const { return poisson(y_true, y_pred); }

Poisson Poisson::from_config(const Config& config) {
  PoissonOptions options;
  read_common(config, options);
  return Poisson(std::move(options));
}

}  // namespace hornbeam::losses
