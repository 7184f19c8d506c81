// Dice.
#include <hornbeam/losses/dice.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/options.h"

namespace hornbeam::losses {

static const Register<Dice> registered{"Dice", "keras.losses"};

Dice::Dice(DiceOptions options) : Loss(options.name, options.reduction, options.dtype), options_(std::move(options)) {}

Tensor dice(const Tensor& y_true, const Tensor& y_pred, const Axes& axis) {
  Tensor truth = ops::cast(y_true, y_pred.dtype());
  Tensor overlap = ops::sum(truth * y_pred, axis);
  return 1.0 - overlap * 2.0 / (ops::sum(truth, axis) + ops::sum(y_pred, axis) + config::epsilon());
}

Tensor Dice::call(const Tensor& y_true, const Tensor& y_pred) const { return dice(y_true, y_pred, options_.axis); }

Config Dice::config() const {
  Config result = Loss::config();
  result["axis"] = axes_config(options_.axis);
  return result;
}

Dice Dice::from_config(const Config& config) {
  DiceOptions options;
  read_axes(config, "axis", options.axis);
  read_common(config, options);
  return Dice(std::move(options));
}

}  // namespace hornbeam::losses
