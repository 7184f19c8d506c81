// SquaredHinge.
#include <hornbeam/losses/squared_hinge.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/options.h"
#include "frontend/src/losses/signed_labels.h"

namespace hornbeam::losses {

static const Register<SquaredHinge> registered{"SquaredHinge", "keras.losses"};

SquaredHinge::SquaredHinge(SquaredHingeOptions options) : Loss(options.name, options.reduction, options.dtype) {}

Tensor squared_hinge(const Tensor& y_true, const Tensor& y_pred) {
  Tensor truth = signed_labels(ops::cast(y_true, y_pred.dtype()));
  return ops::mean(ops::square(ops::maximum(1.0 - truth * y_pred, 0.0)), -1);
}

Tensor SquaredHinge::call(const Tensor& y_true, const Tensor& y_pred) const { return squared_hinge(y_true, y_pred); }

SquaredHinge SquaredHinge::from_config(const Config& config) {
  SquaredHingeOptions options;
  read_common(config, options);
  return SquaredHinge(std::move(options));
}

}  // namespace hornbeam::losses
