// Huber.
#pragma once

#include <hornbeam/loss.h>

namespace hornbeam::losses {

// One value a row: the loss without its reduction. Ranks that differ by an axis of 1 are made the same. Quadratic up to
// an error of delta, linear beyond.
Tensor huber(const Tensor& y_true, const Tensor& y_pred, double delta = 1.0);

struct HuberOptions {
  double delta = 1.0;  // where the loss turns from quadratic to linear
  std::string reduction = "sum_over_batch_size";
  std::string name = "huber_loss";
  DTypePolicy dtype = {};
};

// Over the last axis the mean of e² / 2 where |e| <= delta, else delta |e| - delta² / 2; e = y_pred - y_true.
//   y_true, y_pred [..., d]  →  [...]
class Huber : public Loss {
 public:
  explicit Huber(HuberOptions options = {});
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  Config config() const override;
  static Huber from_config(const Config& config);

 private:
  HuberOptions options_;
};

}  // namespace hornbeam::losses
