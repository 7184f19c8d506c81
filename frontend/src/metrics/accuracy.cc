// Accuracy.
#include <hornbeam/metrics/accuracy.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/ranks.h"

namespace hornbeam::metrics {

static const Register<Accuracy> registered{"Accuracy", "keras.metrics"};

Tensor accuracy(const Tensor& y_true, const Tensor& y_pred) {
  auto [truth, prediction] = losses::same_rank(ops::cast(y_true, y_pred.dtype()), y_pred);
  return ops::cast(ops::equal(truth, prediction), config::floatx());
}

Accuracy::Accuracy(AccuracyOptions options) : MeanMetricWrapper(accuracy, {options.name, options.dtype}) {}

Accuracy Accuracy::from_config(const Config& config) {
  AccuracyOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return Accuracy(std::move(options));
}

}  // namespace hornbeam::metrics
