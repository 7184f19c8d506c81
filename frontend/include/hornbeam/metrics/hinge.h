// Hinge.
#pragma once

#include <hornbeam/losses/hinge.h>
#include <hornbeam/metrics/mean_metric_wrapper.h>

namespace hornbeam::metrics {

using losses::hinge;

struct HingeOptions {
  std::string name = "hinge";
  DTypePolicy dtype = {};
};

// The weighted mean of hinge: max(1 - y_true y_pred, 0).
class Hinge : public MeanMetricWrapper {
 public:
  explicit Hinge(HingeOptions options = {});
  static Hinge from_config(const Config& config);
};

}  // namespace hornbeam::metrics
