// FalseNegatives.
#pragma once

#include <hornbeam/metrics/confusion_count.h>

namespace hornbeam::metrics {

using FalseNegativesOptions = ConfusionCountOptions;

// The summed weights of the samples that are true and predicted to be false, at each threshold.
class FalseNegatives : public ConfusionCount {
 public:
  explicit FalseNegatives(FalseNegativesOptions options = {});
  static FalseNegatives from_config(const Config& config);
};

}  // namespace hornbeam::metrics
