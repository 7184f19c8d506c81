// Recall.
#pragma once

#include <hornbeam/metrics/confusion_share.h>

namespace hornbeam::metrics {

using RecallOptions = ConfusionShareOptions;

// How many of the samples that are true are predicted to be: tp / (tp + fn), 0 where none is true.
class Recall : public ConfusionShare {
 public:
  explicit Recall(RecallOptions options = {});
  static Recall from_config(const Config& config);
};

}  // namespace hornbeam::metrics
