// CategoricalFocalCrossentropy.
#pragma once

#include <hornbeam/loss.h>

#include <initializer_list>
#include <variant>
#include <vector>

namespace hornbeam::losses {

// A number for all classes, or one for each.
class FocalAlpha {
 public:
  FocalAlpha(double alpha) : alpha_(alpha) {}
  FocalAlpha(std::vector<double> by_class) : alpha_(std::move(by_class)) {}
  FocalAlpha(std::initializer_list<double> by_class) : alpha_(std::vector<double>(by_class)) {}
  Tensor tensor() const;
  Config config() const;
  static FocalAlpha from_config(const Config& config);

 private:
  std::variant<double, std::vector<double>> alpha_;
};

// One value a row: the loss without its reduction.
Tensor categorical_focal_crossentropy(const Tensor& y_true, const Tensor& y_pred, const FocalAlpha& alpha = 0.25,
                                      double gamma = 2.0, bool from_logits = false, double label_smoothing = 0.0,
                                      int64_t axis = -1);

struct CategoricalFocalCrossentropyOptions {
  FocalAlpha alpha = 0.25;       // weight of all classes, or of each
  double gamma = 2.0;            // how much less the easy samples count
  bool from_logits = false;      // y_pred are logits, not probabilities
  double label_smoothing = 0.0;  // labels are drawn towards 1 / classes by this much, in [0, 1]
  int64_t axis = -1;             // of the classes
  std::string reduction = "sum_over_batch_size";
  std::string name = "categorical_focal_crossentropy";
  DTypePolicy dtype = {};
};

// Lin et al., "Focal loss for dense object detection", 2018, for several classes:
//   sum(alpha (1 - p)^gamma y_true (-log p)) over the classes' axis
// with p = y_pred scaled to sum to 1 and clipped to [1e-7, 1 - 1e-7], or softmax(y_pred) from logits.
//   y_true (one-hot or probabilities), y_pred [..., classes]  →  [...]
// Throws ValueError if label_smoothing is outside [0, 1].
class CategoricalFocalCrossentropy : public Loss {
 public:
  explicit CategoricalFocalCrossentropy(CategoricalFocalCrossentropyOptions options = {});
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  Config config() const override;
  static CategoricalFocalCrossentropy from_config(const Config& config);

 private:
  CategoricalFocalCrossentropyOptions options_;
};

}  // namespace hornbeam::losses
