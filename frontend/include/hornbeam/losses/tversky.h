// Tversky.
#pragma once

#include <hornbeam/loss.h>
#include <hornbeam/ops/axes.h>

namespace hornbeam::losses {

// One value a row: the loss without its reduction.
Tensor tversky(const Tensor& y_true, const Tensor& y_pred, double alpha = 0.5, double beta = 0.5,
               const Axes& axis = {});

struct TverskyOptions {
  double alpha = 0.5;  // weight of fp
  double beta = 0.5;   // weight of fn
  std::string reduction = "sum_over_batch_size";
  std::string name = "tversky";
  Axes axis = {};  // over which the sums go; not given: all, the batch too
  DTypePolicy dtype = {};
};

// Salehi et al., "Tversky loss function for image segmentation using 3D fully convolutional deep networks", 2017:
//   1 - tp / (tp + alpha fp + beta fn + 1e-7)
// with tp = sum(y_true y_pred), fp = sum(y_true (1 - y_pred)), fn = sum((1 - y_true) y_pred) over `axis`, named as
// Keras does. Alpha and beta of 0.5 give Dice.
//   y_true, y_pred of one shape  →  that shape without `axis`
class Tversky : public Loss {
 public:
  explicit Tversky(TverskyOptions options = {});
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  Config config() const override;
  static Tversky from_config(const Config& config);

 private:
  TverskyOptions options_;
};

}  // namespace hornbeam::losses
