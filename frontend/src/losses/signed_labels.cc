// The labels of hinge losses.
#include "frontend/src/losses/signed_labels.h"

#include <hornbeam/ops.h>

namespace hornbeam::losses {

Tensor signed_labels(const Tensor& y_true) {
  Tensor binary = ops::all(ops::logical_or(ops::equal(y_true, 0.0), ops::equal(y_true, 1.0)));
  return ops::where(binary, y_true * 2.0 - 1.0, y_true);
}

}  // namespace hornbeam::losses
