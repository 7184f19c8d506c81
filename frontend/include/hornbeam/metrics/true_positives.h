// TruePositives.
#pragma once

#include <hornbeam/metrics/confusion_count.h>

namespace hornbeam::metrics {

using TruePositivesOptions = ConfusionCountOptions;

// The summed weights of the samples that are true and predicted to be, at each threshold.
class TruePositives : public ConfusionCount {
 public:
  explicit TruePositives(TruePositivesOptions options = {});
  static TruePositives from_config(const Config& config);
};

}  // namespace hornbeam::metrics
