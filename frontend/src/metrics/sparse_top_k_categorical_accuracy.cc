// SparseTopKCategoricalAccuracy.
#include <hornbeam/metrics/sparse_top_k_categorical_accuracy.h>
#include <hornbeam/ops.h>

#include <algorithm>

namespace hornbeam::metrics {

static const Register<SparseTopKCategoricalAccuracy> registered{"SparseTopKCategoricalAccuracy", "keras.metrics"};

Tensor sparse_top_k_categorical_accuracy(const Tensor& y_true, const Tensor& y_pred, int64_t k, bool from_sorted_ids) {
  const int64_t columns = y_pred.shape()[-1];
  if (from_sorted_ids) {
    Tensor best = ops::slice_axis(y_pred, -1, 0, std::min(k, columns));
    Tensor labels = ops::expand_dims(ops::cast(y_true, y_pred.dtype()), -1);
    return ops::cast(ops::any(ops::equal(labels, best), -1), config::floatx());
  }
  Tensor chosen = ops::one_hot(ops::cast(y_true, DType::int32), columns, -1, DType::boolean);
  Tensor score = ops::sum(ops::where(chosen, y_pred, 0.0), -1, /*keepdims=*/true);
  Tensor larger = ops::sum(ops::cast(ops::greater(y_pred, score), DType::int32), -1);
  return ops::cast(ops::less(larger, k), config::floatx());
}

SparseTopKCategoricalAccuracy::SparseTopKCategoricalAccuracy(SparseTopKCategoricalAccuracyOptions options)
    : MeanMetricWrapper(
          [k = options.k, sorted = options.from_sorted_ids](const Tensor& y, const Tensor& p) {
            return sparse_top_k_categorical_accuracy(y, p, k, sorted);
          },
          {options.name, options.dtype}),
      options_(std::move(options)) {}

Config SparseTopKCategoricalAccuracy::config() const {
  Config result = Metric::config();
  result["k"] = options_.k;
  if (options_.from_sorted_ids) result["from_sorted_ids"] = options_.from_sorted_ids;
  return result;
}

SparseTopKCategoricalAccuracy SparseTopKCategoricalAccuracy::from_config(const Config& config) {
  SparseTopKCategoricalAccuracyOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  config.read("k", options.k);
  config.read("from_sorted_ids", options.from_sorted_ids);
  return SparseTopKCategoricalAccuracy(std::move(options));
}

}  // namespace hornbeam::metrics
