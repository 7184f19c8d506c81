// The base of TruePositives, FalsePositives, TrueNegatives and FalseNegatives.
#pragma once

#include <hornbeam/metrics/confusion_metric.h>

namespace hornbeam::metrics {

struct ConfusionCountOptions {
  Thresholds thresholds = {};  // in [0, 1]; none: 0.5
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
};

// The summed weights of one kind of predictions: a scalar, or one for each threshold.
class ConfusionCount : public ConfusionMetric {
 public:
  Tensor result() const override;
  Config config() const override;

 protected:
  ConfusionCount(const char* class_name, Count which, ConfusionCountOptions options);
  static ConfusionCountOptions read(const Config& config);

 private:
  Count which_;
  Thresholds thresholds_;
};

}  // namespace hornbeam::metrics
