// Poisson.
#pragma once

#include <hornbeam/losses/poisson.h>
#include <hornbeam/metrics/mean_metric_wrapper.h>

namespace hornbeam::metrics {

using losses::poisson;

struct PoissonOptions {
  std::string name = "poisson";
  DTypePolicy dtype = {};
};

// The weighted mean of poisson: y_pred - y_true log(y_pred).
class Poisson : public MeanMetricWrapper {
 public:
  explicit Poisson(PoissonOptions options = {});
  static Poisson from_config(const Config& config);
};

}  // namespace hornbeam::metrics
