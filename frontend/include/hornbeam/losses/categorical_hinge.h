// CategoricalHinge.
#pragma once

#include <hornbeam/loss.h>

namespace hornbeam::losses {

// One value a row: the loss without its reduction.
Tensor categorical_hinge(const Tensor& y_true, const Tensor& y_pred);

struct CategoricalHingeOptions {
  std::string reduction = "sum_over_batch_size";
  std::string name = "categorical_hinge";
  DTypePolicy dtype = {};
};

// max(neg - pos + 1, 0) with pos = sum(y_true y_pred) and neg = max((1 - y_true) y_pred) over the last axis; labels are
// 0 and 1.
//   y_true, y_pred [..., classes]  →  [...]
class CategoricalHinge : public Loss {
 public:
  explicit CategoricalHinge(CategoricalHingeOptions options = {});
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  static CategoricalHinge from_config(const Config& config);
};

}  // namespace hornbeam::losses
