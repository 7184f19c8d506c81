// Mean.
#include <hornbeam/metrics/mean.h>
#include <hornbeam/ops.h>

#include "frontend/src/metrics/samplewise.h"

namespace hornbeam::metrics {

static const Register<Mean> registered{"Mean", "keras.metrics"};

Mean::Mean(MeanOptions options)
    : Metric(options.name, options.dtype), total_(add_variable("total")), count_(add_variable("count")) {}

void Mean::update_state(const Tensor& values, const Tensor&, const Tensor& sample_weight) {
  auto [weighted, weights] = samplewise(values, sample_weight, mean_over, dtype());
  total_.assign_add(ops::sum(weighted));
  if (weights)
    count_.assign_add(ops::sum(weights));
  else
    count_.assign_add(ops::cast(weighted.rank() > 0 ? weighted.shape()[0] : 1, dtype()));
}

Tensor Mean::result() const { return ops::divide_no_nan(total_, count_); }

Mean Mean::from_config(const Config& config) {
  MeanOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return Mean(std::move(options));
}

}  // namespace hornbeam::metrics
