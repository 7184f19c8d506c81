// Poisson.
#pragma once

#include <hornbeam/loss.h>

namespace hornbeam::losses {

// One value a row: the loss without its reduction.
Tensor poisson(const Tensor& y_true, const Tensor& y_pred);

struct PoissonOptions {
  std::string reduction = "sum_over_batch_size";
  std::string name = "poisson";
  DTypePolicy dtype = {};
};

// mean(y_pred - y_true log(y_pred + 1e-7)) over the last axis.
//   y_true, y_pred [..., d]  →  [...]
class Poisson : public Loss {
 public:
  explicit Poisson(PoissonOptions options = {});
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  static Poisson from_config(const Config& config);
};

}  // namespace hornbeam::losses
