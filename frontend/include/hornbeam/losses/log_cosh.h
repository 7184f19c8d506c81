// LogCosh.
#pragma once

#include <hornbeam/loss.h>

namespace hornbeam::losses {

// One value a row: the loss without its reduction. Ranks that differ by an axis of 1 are made the same.
Tensor log_cosh(const Tensor& y_true, const Tensor& y_pred);

struct LogCoshOptions {
  std::string reduction = "sum_over_batch_size";
  std::string name = "log_cosh";
  DTypePolicy dtype = {};
};

// mean(log(cosh(y_pred - y_true))) over the last axis: nearly quadratic for small errors, linear for large ones.
//   y_true, y_pred [..., d]  →  [...]
class LogCosh : public Loss {
 public:
  explicit LogCosh(LogCoshOptions options = {});
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  static LogCosh from_config(const Config& config);
};

}  // namespace hornbeam::losses
