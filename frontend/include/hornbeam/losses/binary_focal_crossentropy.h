// BinaryFocalCrossentropy.
#pragma once

#include <hornbeam/loss.h>

namespace hornbeam::losses {

// One value a row: the loss without its reduction.
Tensor binary_focal_crossentropy(const Tensor& y_true, const Tensor& y_pred, bool apply_class_balancing = false,
                                 double alpha = 0.25, double gamma = 2.0, bool from_logits = false,
                                 double label_smoothing = 0.0, int64_t axis = -1);

struct BinaryFocalCrossentropyOptions {
  bool apply_class_balancing = false;  // weigh the classes by alpha and 1 - alpha
  double alpha = 0.25;                 // weight of class 1
  double gamma = 2.0;                  // how much less the easy samples count
  bool from_logits = false;            // y_pred are logits, not probabilities
  double label_smoothing = 0.0;        // labels are drawn towards 0.5 by this much, in [0, 1]
  int64_t axis = -1;                   // over which the mean is taken
  std::string reduction = "sum_over_batch_size";
  std::string name = "binary_focal_crossentropy";
  DTypePolicy dtype = {};
};

// Lin et al., "Focal loss for dense object detection", 2018: over `axis` the mean of
//   (1 - p_t)^gamma binary_crossentropy(y_true, p),  p_t = y p + (1 - y) (1 - p)
// times alpha (y = 1) or 1 - alpha (y = 0) if apply_class_balancing. p = y_pred, or sigmoid(y_pred) from logits.
//   y_true, y_pred [..., d]  →  [...]
// Throws ValueError if label_smoothing is outside [0, 1].
class BinaryFocalCrossentropy : public Loss {
 public:
  explicit BinaryFocalCrossentropy(BinaryFocalCrossentropyOptions options = {});
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  Config config() const override;
  static BinaryFocalCrossentropy from_config(const Config& config);

 private:
  BinaryFocalCrossentropyOptions options_;
};

}  // namespace hornbeam::losses
