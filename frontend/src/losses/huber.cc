// Huber.
#include <hornbeam/losses/huber.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/options.h"
#include "frontend/src/losses/ranks.h"

namespace hornbeam::losses {

static const Register<Huber> registered{"Huber", "keras.losses"};

Huber::Huber(HuberOptions options)
    : Loss(options.name, options.reduction, options.dtype), options_(std::move(options)) {}

Tensor huber(const Tensor& y_true, const Tensor& y_pred, double delta) {
  auto [truth, prediction] = same_rank(ops::cast(y_true, y_pred.dtype()), y_pred);
  Tensor error = prediction - truth;
  Tensor size = ops::abs(error);
  Tensor quadratic = ops::square(error) * 0.5, linear = size * delta - 0.5 * delta * delta;
  return ops::mean(ops::where(ops::less_equal(size, delta), quadratic, linear), -1);
}

Tensor Huber::call(const Tensor& y_true, const Tensor& y_pred) const { return huber(y_true, y_pred, options_.delta); }

Config Huber::config() const {
  Config result = Loss::config();
  if (options_.delta != 1.0) result["delta"] = options_.delta;  // Keras leaves it out
  return result;
}

Huber Huber::from_config(const Config& config) {
  HuberOptions options;
  config.read("delta", options.delta);
  read_common(config, options);
  return Huber(std::move(options));
}

}  // namespace hornbeam::losses
