// SparseCategoricalAccuracy.
#include <hornbeam/metrics/sparse_categorical_accuracy.h>
#include <hornbeam/ops.h>

namespace hornbeam::metrics {

static const Register<SparseCategoricalAccuracy> registered{"SparseCategoricalAccuracy", "keras.metrics"};

Tensor sparse_categorical_accuracy(const Tensor& y_true, const Tensor& y_pred) {
  Tensor labels = ops::cast(y_true, y_pred.dtype());
  if (labels.rank() == y_pred.rank() && labels.shape()[-1] == 1) labels = ops::squeeze(labels, -1);
  Tensor found = ops::cast(ops::argmax(y_pred, -1), labels.dtype());
  Tensor matches = ops::cast(ops::equal(labels, found), config::floatx());
  return matches.rank() > 1 && matches.shape()[-1] == 1 ? ops::squeeze(matches, -1) : matches;
}

SparseCategoricalAccuracy::SparseCategoricalAccuracy(SparseCategoricalAccuracyOptions options)
    : MeanMetricWrapper(sparse_categorical_accuracy, {options.name, options.dtype}) {}

SparseCategoricalAccuracy SparseCategoricalAccuracy::from_config(const Config& config) {
  SparseCategoricalAccuracyOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return SparseCategoricalAccuracy(std::move(options));
}

}  // namespace hornbeam::metrics
