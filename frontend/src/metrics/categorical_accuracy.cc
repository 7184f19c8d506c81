// CategoricalAccuracy.
#include <hornbeam/metrics/categorical_accuracy.h>
#include <hornbeam/ops.h>

namespace hornbeam::metrics {

static const Register<CategoricalAccuracy> registered{"CategoricalAccuracy", "keras.metrics"};

Tensor categorical_accuracy(const Tensor& y_true, const Tensor& y_pred) {
  return ops::cast(ops::equal(ops::argmax(y_true, -1), ops::argmax(y_pred, -1)), config::floatx());
}

CategoricalAccuracy::CategoricalAccuracy(CategoricalAccuracyOptions options)
    : MeanMetricWrapper(categorical_accuracy, {options.name, options.dtype}) {}

CategoricalAccuracy CategoricalAccuracy::from_config(const Config& config) {
  CategoricalAccuracyOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return CategoricalAccuracy(std::move(options));
}

}  // namespace hornbeam::metrics
