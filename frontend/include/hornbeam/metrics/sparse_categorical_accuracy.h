// SparseCategoricalAccuracy.
#pragma once

#include <hornbeam/metrics/mean_metric_wrapper.h>

namespace hornbeam::metrics {

// 1 where the class y_true has the largest of y_pred, else 0, as float32.
//   y_true [...] or [..., 1], y_pred [..., classes]  →  [...]
Tensor sparse_categorical_accuracy(const Tensor& y_true, const Tensor& y_pred);

struct SparseCategoricalAccuracyOptions {
  std::string name = "sparse_categorical_accuracy";
  DTypePolicy dtype = {};
};

// How often the largest prediction is that of the integer label.
class SparseCategoricalAccuracy : public MeanMetricWrapper {
 public:
  explicit SparseCategoricalAccuracy(SparseCategoricalAccuracyOptions options = {});
  static SparseCategoricalAccuracy from_config(const Config& config);
};

}  // namespace hornbeam::metrics
