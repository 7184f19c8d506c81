// FalsePositives.
#pragma once

#include <hornbeam/metrics/confusion_count.h>

namespace hornbeam::metrics {

using FalsePositivesOptions = ConfusionCountOptions;

// The summed weights of the samples that are false and predicted to be true, at each threshold.
class FalsePositives : public ConfusionCount {
 public:
  explicit FalsePositives(FalsePositivesOptions options = {});
  static FalsePositives from_config(const Config& config);
};

}  // namespace hornbeam::metrics
