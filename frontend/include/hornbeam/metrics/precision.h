// Precision.
#pragma once

#include <hornbeam/metrics/confusion_share.h>

namespace hornbeam::metrics {

using PrecisionOptions = ConfusionShareOptions;

// How many of the samples that are predicted to be true are: tp / (tp + fp), 0 where none is predicted.
class Precision : public ConfusionShare {
 public:
  explicit Precision(PrecisionOptions options = {});
  static Precision from_config(const Config& config);
};

}  // namespace hornbeam::metrics
