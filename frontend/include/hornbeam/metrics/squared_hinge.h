// SquaredHinge.
#pragma once

#include <hornbeam/losses/squared_hinge.h>
#include <hornbeam/metrics/mean_metric_wrapper.h>

namespace hornbeam::metrics {

using losses::squared_hinge;

struct SquaredHingeOptions {
  std::string name = "squared_hinge";
  DTypePolicy dtype = {};
};

// The weighted mean of squared_hinge: max(1 - y_true y_pred, 0)².
class SquaredHinge : public MeanMetricWrapper {
 public:
  explicit SquaredHinge(SquaredHingeOptions options = {});
  static SquaredHinge from_config(const Config& config);
};

}  // namespace hornbeam::metrics
