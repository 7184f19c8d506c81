// CategoricalCrossentropy.
#pragma once

#include <hornbeam/loss.h>

namespace hornbeam::losses {

// One value a row: the loss without its reduction.
Tensor categorical_crossentropy(const Tensor& y_true, const Tensor& y_pred, bool from_logits = false,
                                double label_smoothing = 0.0, int64_t axis = -1);

struct CategoricalCrossentropyOptions {
  bool from_logits = false;      // y_pred are logits, not probabilities
  double label_smoothing = 0.0;  // labels are drawn towards 1 / classes by this much, in [0, 1]
  int64_t axis = -1;             // of the classes
  std::string reduction = "sum_over_batch_size";
  std::string name = "categorical_crossentropy";
  DTypePolicy dtype = {};
};

// -sum(y log p) over the classes' axis, p = y_pred scaled to sum to 1, or softmax(y_pred) from logits. Where y_pred is
// the output of a softmax, its logits are used; other probabilities are clipped to [1e-7, 1 - 1e-7].
//   y_true (one-hot or probabilities), y_pred [..., classes]  →  [...]
// Throws ValueError if label_smoothing is outside [0, 1].
class CategoricalCrossentropy : public Loss {
 public:
  explicit CategoricalCrossentropy(CategoricalCrossentropyOptions options = {});
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  Config config() const override;
  static CategoricalCrossentropy from_config(const Config& config);

 private:
  CategoricalCrossentropyOptions options_;
};

}  // namespace hornbeam::losses
