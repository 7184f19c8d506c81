// TopKCategoricalAccuracy.
#pragma once

#include <hornbeam/metrics/mean_metric_wrapper.h>

namespace hornbeam::metrics {

// 1 where y_true's class is among the k largest of y_pred, else 0, as float32.
//   y_true, y_pred [..., classes]  →  [...]
Tensor top_k_categorical_accuracy(const Tensor& y_true, const Tensor& y_pred, int64_t k = 5);

struct TopKCategoricalAccuracyOptions {
  int64_t k = 5;
  std::string name = "top_k_categorical_accuracy";
  DTypePolicy dtype = {};
};

// How often the one-hot label is among the k largest predictions.
class TopKCategoricalAccuracy : public MeanMetricWrapper {
 public:
  explicit TopKCategoricalAccuracy(TopKCategoricalAccuracyOptions options = {});
  Config config() const override;
  static TopKCategoricalAccuracy from_config(const Config& config);

 private:
  TopKCategoricalAccuracyOptions options_;
};

}  // namespace hornbeam::metrics
