// TrueNegatives.
#pragma once

#include <hornbeam/metrics/confusion_count.h>

namespace hornbeam::metrics {

using TrueNegativesOptions = ConfusionCountOptions;

// The summed weights of the samples that are false and predicted to be, at each threshold.
class TrueNegatives : public ConfusionCount {
 public:
  explicit TrueNegatives(TrueNegativesOptions options = {});
  static TrueNegatives from_config(const Config& config);
};

}  // namespace hornbeam::metrics
