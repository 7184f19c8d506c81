// MeanSquaredLogarithmicError.
#pragma once

#include <hornbeam/loss.h>

namespace hornbeam::losses {

// One value a row: the loss without its reduction. Ranks that differ by an axis of 1 are made the same.
Tensor mean_squared_logarithmic_error(const Tensor& y_true, const Tensor& y_pred);

struct MeanSquaredLogarithmicErrorOptions {
  std::string reduction = "sum_over_batch_size";
  std::string name = "mean_squared_logarithmic_error";
  DTypePolicy dtype = {};
};

// mean((log(y_true + 1) - log(y_pred + 1))²) over the last axis; values below 1e-7 count as 1e-7.
//   y_true, y_pred [..., d]  →  [...]
class MeanSquaredLogarithmicError : public Loss {
 public:
  explicit MeanSquaredLogarithmicError(MeanSquaredLogarithmicErrorOptions options = {});
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  static MeanSquaredLogarithmicError from_config(const Config& config);
};

}  // namespace hornbeam::losses
