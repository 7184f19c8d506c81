// KLDivergence.
#pragma once

#include <hornbeam/losses/kl_divergence.h>
#include <hornbeam/metrics/mean_metric_wrapper.h>

namespace hornbeam::metrics {

using losses::kl_divergence;

struct KLDivergenceOptions {
  std::string name = "kl_divergence";
  DTypePolicy dtype = {};
};

// The weighted mean of kl_divergence: sum(y_true log(y_true / y_pred)).
class KLDivergence : public MeanMetricWrapper {
 public:
  explicit KLDivergence(KLDivergenceOptions options = {});
  static KLDivergence from_config(const Config& config);
};

}  // namespace hornbeam::metrics
