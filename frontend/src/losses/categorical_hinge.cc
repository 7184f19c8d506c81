// CategoricalHinge.
#include <hornbeam/losses/categorical_hinge.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/options.h"

namespace hornbeam::losses {

static const Register<CategoricalHinge> registered{"CategoricalHinge", "keras.losses"};

CategoricalHinge::CategoricalHinge(CategoricalHingeOptions options)
    : Loss(options.name, options.reduction, options.dtype) {}

Tensor categorical_hinge(const Tensor& y_true, const Tensor& y_pred) {
  Tensor truth = ops::cast(y_true, y_pred.dtype());
  Tensor right = ops::sum(truth * y_pred, -1);
  Tensor wrong = ops::max((1.0 - truth) * y_pred, -1);
  return ops::maximum(wrong - right + 1.0, 0.0);
}

Tensor CategoricalHinge::call(const Tensor& y_true, const Tensor& y_pred) const {
  return categorical_hinge(y_true, y_pred);
}

CategoricalHinge CategoricalHinge::from_config(const Config& config) {
  CategoricalHingeOptions options;
  read_common(config, options);
  return CategoricalHinge(std::move(options));
}

}  // namespace hornbeam::losses
