// BinaryAccuracy.
#include <hornbeam/metrics/binary_accuracy.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/ranks.h"

namespace hornbeam::metrics {

static const Register<BinaryAccuracy> registered{"BinaryAccuracy", "keras.metrics"};

Tensor binary_accuracy(const Tensor& y_true, const Tensor& y_pred, double threshold) {
  auto [truth, prediction] = losses::same_rank(y_true, y_pred);
  Tensor positive = ops::cast(ops::greater(prediction, threshold), truth.dtype());
  return ops::cast(ops::equal(truth, positive), config::floatx());
}

BinaryAccuracy::BinaryAccuracy(BinaryAccuracyOptions options)
    : MeanMetricWrapper([threshold = options.threshold](const Tensor& y,
                                                        const Tensor& p) { return binary_accuracy(y, p, threshold); },
                        {options.name, options.dtype}),
      options_(std::move(options)) {}

Config BinaryAccuracy::config() const {
  Config result = Metric::config();
  result["threshold"] = options_.threshold;
  return result;
}

BinaryAccuracy BinaryAccuracy::from_config(const Config& config) {
  BinaryAccuracyOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  config.read("threshold", options.threshold);
  return BinaryAccuracy(std::move(options));
}

}  // namespace hornbeam::metrics
