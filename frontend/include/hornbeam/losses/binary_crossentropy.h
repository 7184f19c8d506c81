// BinaryCrossentropy.
#pragma once

#include <hornbeam/loss.h>

namespace hornbeam::losses {

// One value a row: the loss without its reduction.
Tensor binary_crossentropy(const Tensor& y_true, const Tensor& y_pred, bool from_logits = false,
                           double label_smoothing = 0.0, int64_t axis = -1);

struct BinaryCrossentropyOptions {
  bool from_logits = false;      // y_pred are logits, not probabilities
  double label_smoothing = 0.0;  // labels are drawn towards 0.5 by this much, in [0, 1]
  int64_t axis = -1;             // over which the mean is taken
  std::string reduction = "sum_over_batch_size";
  std::string name = "binary_crossentropy";
  DTypePolicy dtype = {};
};

// -mean(y log p + (1 - y) log(1 - p)) over `axis`, p = y_pred, or sigmoid(y_pred) from logits. Where y_pred is the
// output of a sigmoid, its logits are used; other probabilities are clipped to [1e-7, 1 - 1e-7].
//   y_true, y_pred [..., d]  →  [...]
// Throws ValueError if label_smoothing is outside [0, 1].
class BinaryCrossentropy : public Loss {
 public:
  explicit BinaryCrossentropy(BinaryCrossentropyOptions options = {});
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  Config config() const override;
  static BinaryCrossentropy from_config(const Config& config);

 private:
  BinaryCrossentropyOptions options_;
};

}  // namespace hornbeam::losses
