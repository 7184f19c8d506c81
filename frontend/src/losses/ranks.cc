// Bringing labels, predictions, weights and masks together.
#include "frontend/src/losses/ranks.h"

#include <hornbeam/ops.h>

namespace hornbeam::losses {

std::pair<Tensor, Tensor> same_rank(Tensor a, Tensor b) {
  if (a.rank() == b.rank() + 1 && a.shape()[-1] == 1) {
    if (b.rank() == 1)
      b = ops::expand_dims(b, -1);
    else
      a = ops::squeeze(a, -1);
  } else if (b.rank() == a.rank() + 1 && b.shape()[-1] == 1) {
    if (a.rank() == 1)
      a = ops::expand_dims(a, -1);
    else
      b = ops::squeeze(b, -1);
  }
  return {std::move(a), std::move(b)};
}

Tensor mask_to_weights(const Tensor& sample_weight, const Tensor& mask, DType dtype, bool scaled) {
  if (!mask) return sample_weight;
  Tensor weights = ops::cast(mask, dtype);
  if (scaled) {
    Tensor total = ops::sum(ops::ones_like(weights));
    weights = weights * ops::divide_no_nan(total, ops::sum(weights));
  }
  if (!sample_weight) return weights;
  auto [w, s] = same_rank(weights, ops::cast(sample_weight, dtype));
  return s * w;
}

Labels kind_of_labels(const Shape& y_true, const Shape& y_pred) {
  if (y_pred.rank() > 0 && y_pred[-1] == 1) return Labels::binary;
  if (y_true.rank() < y_pred.rank() || (y_true.rank() > 0 && y_true[-1] == 1)) return Labels::sparse;
  return Labels::one_hot;
}

}  // namespace hornbeam::losses
