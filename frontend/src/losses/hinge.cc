// Hinge.
#include <hornbeam/losses/hinge.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/options.h"
#include "frontend/src/losses/signed_labels.h"

namespace hornbeam::losses {

static const Register<Hinge> registered{"Hinge", "keras.losses"};

Hinge::Hinge(HingeOptions options) : Loss(options.name, options.reduction, options.dtype) {}

Tensor hinge(const Tensor& y_true, const Tensor& y_pred) {
  Tensor truth = signed_labels(ops::cast(y_true, y_pred.dtype()));
  return ops::mean(ops::maximum(1.0 - truth * y_pred, 0.0), -1);
}

Tensor Hinge::call(const Tensor& y_true, const Tensor& y_pred) const { return hinge(y_true, y_pred); }

Hinge Hinge::from_config(const Config& config) {
  HingeOptions options;
  read_common(config, options);
  return Hinge(std::move(options));
}

}  // namespace hornbeam::losses
