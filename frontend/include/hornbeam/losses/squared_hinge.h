// SquaredHinge.
#pragma once

#include <hornbeam/loss.h>

namespace hornbeam::losses {

// One value a row: the loss without its reduction. Labels are -1 and 1; if all are 0 or 1, a 0 counts as -1.
Tensor squared_hinge(const Tensor& y_true, const Tensor& y_pred);

struct SquaredHingeOptions {
  std::string reduction = "sum_over_batch_size";
  std::string name = "squared_hinge";
  DTypePolicy dtype = {};
};

// mean(max(1 - y_true y_pred, 0)²) over the last axis. Labels are -1 and 1; if all are 0 or 1, a 0 counts as -1.
//   y_true, y_pred [..., d]  →  [...]
class SquaredHinge : public Loss {
 public:
  explicit SquaredHinge(SquaredHingeOptions options = {});
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  static SquaredHinge from_config(const Config& config);
};

}  // namespace hornbeam::losses
