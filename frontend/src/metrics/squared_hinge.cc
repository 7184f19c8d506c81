// SquaredHinge.
#include <hornbeam/metrics/squared_hinge.h>

namespace hornbeam::metrics {

static const Register<SquaredHinge> registered{"SquaredHinge", "keras.metrics"};

SquaredHinge::SquaredHinge(SquaredHingeOptions options)
    : MeanMetricWrapper(losses::squared_hinge, {options.name, options.dtype}) {}

SquaredHinge SquaredHinge::from_config(const Config& config) {
  SquaredHingeOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return SquaredHinge(std::move(options));
}

}  // namespace hornbeam::metrics
