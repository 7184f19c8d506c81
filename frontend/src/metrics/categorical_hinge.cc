// CategoricalHinge.
#include <hornbeam/metrics/categorical_hinge.h>

namespace hornbeam::metrics {

static const Register<CategoricalHinge> registered{"CategoricalHinge", "keras.metrics"};

CategoricalHinge::CategoricalHinge(CategoricalHingeOptions options)
    : MeanMetricWrapper(losses::categorical_hinge, {options.name, options.dtype}) {}

CategoricalHinge CategoricalHinge::from_config(const Config& config) {
  CategoricalHingeOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return CategoricalHinge(std::move(options));
}

}  // namespace hornbeam::metrics
