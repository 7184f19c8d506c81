// CategoricalGeneralizedCrossEntropy.
#pragma once

#include <hornbeam/loss.h>

namespace hornbeam::losses {

// One value a row: the loss without its reduction.
Tensor categorical_generalized_cross_entropy(const Tensor& y_true, const Tensor& y_pred, double q = 0.5);

struct CategoricalGeneralizedCrossEntropyOptions {
  double q = 0.5;  // near 0: crossentropy, near 1: mean absolute error
  std::string reduction = "sum_over_batch_size";
  std::string name = "categorical_generalized_cross_entropy";
  DTypePolicy dtype = {};
};

// Zhang and Sabuncu, "Generalized cross entropy loss for training deep neural networks with noisy labels", 2018:
//   (1 - p^q) / q, p the prediction of the true class
//   y_true [...] (integer classes), y_pred [..., classes] (probabilities)  →  [...]
// Throws ValueError unless 0 < q < 1.
class CategoricalGeneralizedCrossEntropy : public Loss {
 public:
  explicit CategoricalGeneralizedCrossEntropy(CategoricalGeneralizedCrossEntropyOptions options = {});
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  Config config() const override;
  static CategoricalGeneralizedCrossEntropy from_config(const Config& config);

 private:
  CategoricalGeneralizedCrossEntropyOptions options_;
};

}  // namespace hornbeam::losses
