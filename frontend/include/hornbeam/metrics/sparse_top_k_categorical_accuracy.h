// SparseTopKCategoricalAccuracy.
#pragma once

#include <hornbeam/metrics/mean_metric_wrapper.h>

namespace hornbeam::metrics {

// 1 where the class y_true is among the k largest of y_pred (fewer than k are larger), else 0, as float32. With
// from_sorted_ids y_pred holds class numbers, the best first.
//   y_true [...], y_pred [..., classes]  →  [...]
Tensor sparse_top_k_categorical_accuracy(const Tensor& y_true, const Tensor& y_pred, int64_t k = 5,
                                         bool from_sorted_ids = false);

struct SparseTopKCategoricalAccuracyOptions {
  int64_t k = 5;
  std::string name = "sparse_top_k_categorical_accuracy";
  DTypePolicy dtype = {};
  bool from_sorted_ids = false;  // y_pred holds class numbers, the best first
};

// How often the integer label is among the k largest predictions.
class SparseTopKCategoricalAccuracy : public MeanMetricWrapper {
 public:
  explicit SparseTopKCategoricalAccuracy(SparseTopKCategoricalAccuracyOptions options = {});
  Config config() const override;
  static SparseTopKCategoricalAccuracy from_config(const Config& config);

 private:
  SparseTopKCategoricalAccuracyOptions options_;
};

}  // namespace hornbeam::metrics
