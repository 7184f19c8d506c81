// The base of Precision and Recall.
#pragma once

#include <hornbeam/metrics/confusion_metric.h>

namespace hornbeam::metrics {

struct ConfusionShareOptions {
  Thresholds thresholds = {};            // in [0, 1]; none: 0.5, or with top_k any prediction is positive
  std::optional<int64_t> top_k = {};     // only the k largest of a row's predictions can be positive
  std::optional<int64_t> class_id = {};  // only this class is counted
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
};

// The true positives' share of them and another count: a scalar, or one for each threshold.
class ConfusionShare : public ConfusionMetric {
 public:
  Tensor result() const override;
  Config config() const override;

 protected:
  ConfusionShare(const char* class_name, Count other, ConfusionShareOptions options);
  static ConfusionShareOptions read(const Config& config);

 private:
  Count other_;
  Thresholds thresholds_;
};

}  // namespace hornbeam::metrics
