// MeanAbsoluteError.
#pragma once

#include <hornbeam/loss.h>

namespace hornbeam::losses {

// One value a row: mean(|y_true - y_pred|) over the last axis. Ranks that differ by an axis of 1 are made the same.
Tensor mean_absolute_error(const Tensor& y_true, const Tensor& y_pred);

struct MeanAbsoluteErrorOptions {
  std::string reduction = "sum_over_batch_size";
  std::string name = "mean_absolute_error";
  DTypePolicy dtype = {};
};

// mean(|y_pred - y_true|) over the last axis.
//   y_true, y_pred [..., d]  →  [...]
class MeanAbsoluteError : public Loss {
 public:
  explicit MeanAbsoluteError(MeanAbsoluteErrorOptions options = {});
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  Config config() const override;
  static MeanAbsoluteError from_config(const Config& config);

 private:
  MeanAbsoluteErrorOptions options_;
};

}  // namespace hornbeam::losses
