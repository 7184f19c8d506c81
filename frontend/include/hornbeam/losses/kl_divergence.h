// KLDivergence.
#pragma once

#include <hornbeam/loss.h>

namespace hornbeam::losses {

// One value a row: the loss without its reduction.
Tensor kl_divergence(const Tensor& y_true, const Tensor& y_pred);

struct KLDivergenceOptions {
  std::string reduction = "sum_over_batch_size";
  std::string name = "kl_divergence";
  DTypePolicy dtype = {};
};

// sum(y_true log(y_true / y_pred)) over the last axis, both clipped to [1e-7, 1].
//   y_true, y_pred [..., classes]  →  [...]
class KLDivergence : public Loss {
 public:
  explicit KLDivergence(KLDivergenceOptions options = {});
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  static KLDivergence from_config(const Config& config);
};

}  // namespace hornbeam::losses
