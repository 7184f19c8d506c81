// Hinge.
#pragma once

#include <hornbeam/loss.h>

namespace hornbeam::losses {

// One value a row: the loss without its reduction. Labels are -1 and 1; if all are 0 or 1, a 0 counts as -1.
Tensor hinge(const Tensor& y_true, const Tensor& y_pred);

struct HingeOptions {
  std::string reduction = "sum_over_batch_size";
  std::string name = "hinge";
  DTypePolicy dtype = {};
};

// mean(max(1 - y_true y_pred, 0)) over the last axis. Labels are -1 and 1; if all are 0 or 1, a 0 counts as -1.
//   y_true, y_pred [..., d]  →  [...]
class Hinge : public Loss {
 public:
  explicit Hinge(HingeOptions options = {});
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  static Hinge from_config(const Config& config);
};

}  // namespace hornbeam::losses
