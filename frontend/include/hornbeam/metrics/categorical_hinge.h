// CategoricalHinge.
#pragma once

#include <hornbeam/losses/categorical_hinge.h>
#include <hornbeam/metrics/mean_metric_wrapper.h>

namespace hornbeam::metrics {

using losses::categorical_hinge;

struct CategoricalHingeOptions {
  std::string name = "categorical_hinge";
  DTypePolicy dtype = {};
};

// The weighted mean of categorical_hinge.
class CategoricalHinge : public MeanMetricWrapper {
 public:
  explicit CategoricalHinge(CategoricalHingeOptions options = {});
  static CategoricalHinge from_config(const Config& config);
};

}  // namespace hornbeam::metrics
