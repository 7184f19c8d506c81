// Sum.
#include <hornbeam/metrics/sum.h>
#include <hornbeam/ops.h>

#include "frontend/src/metrics/samplewise.h"

namespace hornbeam::metrics {

static const Register<Sum> registered{"Sum", "keras.metrics"};

Sum::Sum(SumOptions options) : Metric(options.name, options.dtype), total_(add_variable("total")) {}

void Sum::update_state(const Tensor& values, const Tensor&, const Tensor& sample_weight) {
  auto [weighted, weights] = samplewise(values, sample_weight, sum_over, dtype());
  total_.assign_add(ops::sum(weighted));
}

Tensor Sum::result() const { return total_; }

Sum Sum::from_config(const Config& config) {
  SumOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return Sum(std::move(options));
}

}  // namespace hornbeam::metrics
