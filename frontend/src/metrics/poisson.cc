// Poisson.
#include <hornbeam/metrics/poisson.h>

namespace hornbeam::metrics {

static const Register<Poisson> registered{"Poisson", "keras.metrics"};

Poisson::Poisson(PoissonOptions options) : MeanMetricWrapper(losses::poisson, {options.name, options.dtype}) {}

Poisson Poisson::from_config(const Config& config) {
  PoissonOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return Poisson(std::move(options));
}

}  // namespace hornbeam::metrics
