// CategoricalAccuracy.
#pragma once

#include <hornbeam/metrics/mean_metric_wrapper.h>

namespace hornbeam::metrics {

// 1 where y_true and y_pred have their maximum at the same place of the last axis, else 0, as float32.
//   y_true, y_pred [..., classes]  →  [...]
Tensor categorical_accuracy(const Tensor& y_true, const Tensor& y_pred);

struct CategoricalAccuracyOptions {
  std::string name = "categorical_accuracy";
  DTypePolicy dtype = {};
};

// How often the largest prediction is that of the one-hot label.
class CategoricalAccuracy : public MeanMetricWrapper {
 public:
  explicit CategoricalAccuracy(CategoricalAccuracyOptions options = {});
  static CategoricalAccuracy from_config(const Config& config);
};

}  // namespace hornbeam::metrics
