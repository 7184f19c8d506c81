// MeanAbsolutePercentageError.
#pragma once

#include <hornbeam/loss.h>

namespace hornbeam::losses {

// One value a row: the loss without its reduction. Ranks that differ by an axis of 1 are made the same.
Tensor mean_absolute_percentage_error(const Tensor& y_true, const Tensor& y_pred);

struct MeanAbsolutePercentageErrorOptions {
  std::string reduction = "sum_over_batch_size";
  std::string name = "mean_absolute_percentage_error";
  DTypePolicy dtype = {};
};

// 100 mean(|y_true - y_pred| / max(|y_true|, 1e-7)) over the last axis.
//   y_true, y_pred [..., d]  →  [...]
class MeanAbsolutePercentageError : public Loss {
 public:
  explicit MeanAbsolutePercentageError(MeanAbsolutePercentageErrorOptions options = {});
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  static MeanAbsolutePercentageError from_config(const Config& config);
};

}  // namespace hornbeam::losses
