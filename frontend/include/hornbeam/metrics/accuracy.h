// Accuracy.
#pragma once

#include <hornbeam/metrics/mean_metric_wrapper.h>

namespace hornbeam::metrics {

// 1 where y_pred equals y_true, else 0, as float32.
Tensor accuracy(const Tensor& y_true, const Tensor& y_pred);

struct AccuracyOptions {
  std::string name = "accuracy";
  DTypePolicy dtype = {};
};

// How often predictions equal labels, element by element.
class Accuracy : public MeanMetricWrapper {
 public:
  explicit Accuracy(AccuracyOptions options = {});
  static Accuracy from_config(const Config& config);
};

}  // namespace hornbeam::metrics
