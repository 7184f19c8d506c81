// Hinge.
#include <hornbeam/metrics/hinge.h>

namespace hornbeam::metrics {

static const Register<Hinge> registered{"Hinge", "keras.metrics"};

Hinge::Hinge(HingeOptions options) : MeanMetricWrapper(losses::hinge, {options.name, options.dtype}) {}

Hinge Hinge::from_config(const Config& config) {
  HingeOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return Hinge(std::move(options));
}

}  // namespace hornbeam::metrics
