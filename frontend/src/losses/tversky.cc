// Tversky.
#include <hornbeam/losses/tversky.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/options.h"

namespace hornbeam::losses {

static const Register<Tversky> registered{"Tversky", "keras.losses"};

Tversky::Tversky(TverskyOptions options)
    : Loss(options.name, options.reduction, options.dtype), options_(std::move(options)) {}

Tensor tversky(const Tensor& y_true, const Tensor& y_pred, double alpha, double beta, const Axes& axis) {
  Tensor truth = ops::cast(y_true, y_pred.dtype());
  Tensor tp = ops::sum(truth * y_pred, axis);
  Tensor fp = ops::sum(truth * (1.0 - y_pred), axis);
  Tensor fn = ops::sum((1.0 - truth) * y_pred, axis);
  return 1.0 - tp / (tp + fp * alpha + fn * beta + config::epsilon());
}

Tensor Tversky::call(const Tensor& y_true, const Tensor& y_pred) const {
  return tversky(y_true, y_pred, options_.alpha, options_.beta, options_.axis);
}

Config Tversky::config() const {
  Config result = Loss::config();
  result["alpha"] = options_.alpha;
  result["beta"] = options_.beta;
  result["axis"] = axes_config(options_.axis);
  return result;
}

Tversky Tversky::from_config(const Config& config) {
  TverskyOptions options;
  config.read("alpha", options.alpha);
  config.read("beta", options.beta);
  read_axes(config, "axis", options.axis);
  read_common(config, options);
  return Tversky(std::move(options));
}

}  // namespace hornbeam::losses
