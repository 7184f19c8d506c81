// TopKCategoricalAccuracy.
#include <hornbeam/metrics/sparse_top_k_categorical_accuracy.h>
#include <hornbeam/metrics/top_k_categorical_accuracy.h>
#include <hornbeam/ops.h>

namespace hornbeam::metrics {

static const Register<TopKCategoricalAccuracy> registered{"TopKCategoricalAccuracy", "keras.metrics"};

Tensor top_k_categorical_accuracy(const Tensor& y_true, const Tensor& y_pred, int64_t k) {
  return sparse_top_k_categorical_accuracy(ops::argmax(y_true, -1), y_pred, k);
}

TopKCategoricalAccuracy::TopKCategoricalAccuracy(TopKCategoricalAccuracyOptions options)
    : MeanMetricWrapper(
          [k = options.k](const Tensor& y, const Tensor& p) { return top_k_categorical_accuracy(y, p, k); },
          {options.name, options.dtype}),
      options_(std::move(options)) {}

Config TopKCategoricalAccuracy::config() const {
  Config result = Metric::config();
  result["k"] = options_.k;
  return result;
}

TopKCategoricalAccuracy TopKCategoricalAccuracy::from_config(const Config& config) {
  TopKCategoricalAccuracyOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  config.read("k", options.k);
  return TopKCategoricalAccuracy(std::move(options));
}

}  // namespace hornbeam::metrics
