// MeanSquaredError.
#pragma once

#include <hornbeam/loss.h>

namespace hornbeam::losses {

// One value a row: mean((y_true - y_pred)²) over the last axis. Ranks that differ by an axis of 1 are made the same.
Tensor mean_squared_error(const Tensor& y_true, const Tensor& y_pred);

struct MeanSquaredErrorOptions {
  std::string reduction = "sum_over_batch_size";
  std::string name = "mean_squared_error";
  DTypePolicy dtype = {};
};

// mean((y_pred - y_true)²) over the last axis.
//   y_true, y_pred [..., d]  →  [...]
class MeanSquaredError : public Loss {
 public:
  explicit MeanSquaredError(MeanSquaredErrorOptions options = {});
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  Config config() const override;
  static MeanSquaredError from_config(const Config& config);

 private:
  MeanSquaredErrorOptions options_;
};

}  // namespace hornbeam::losses
