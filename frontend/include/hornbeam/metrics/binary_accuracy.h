// BinaryAccuracy.
#pragma once

#include <hornbeam/metrics/mean_metric_wrapper.h>

namespace hornbeam::metrics {

// 1 where (y_pred > threshold) equals y_true, else 0, as float32.
Tensor binary_accuracy(const Tensor& y_true, const Tensor& y_pred, double threshold = 0.5);

struct BinaryAccuracyOptions {
  std::string name = "binary_accuracy";
  DTypePolicy dtype = {};
  double threshold = 0.5;  // predictions above it are class 1
};

// How often predictions above a threshold match labels of 0 and 1.
class BinaryAccuracy : public MeanMetricWrapper {
 public:
  explicit BinaryAccuracy(BinaryAccuracyOptions options = {});
  Config config() const override;
  static BinaryAccuracy from_config(const Config& config);

 private:
  BinaryAccuracyOptions options_;
};

}  // namespace hornbeam::metrics
