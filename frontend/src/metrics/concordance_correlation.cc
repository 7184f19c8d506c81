// ConcordanceCorrelation.
#include <hornbeam/metrics/concordance_correlation.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/options.h"
#include "frontend/src/losses/ranks.h"

namespace hornbeam::metrics {

static const Register<ConcordanceCorrelation> registered{"ConcordanceCorrelation", "keras.metrics"};

Tensor concordance_correlation(const Tensor& y_true, const Tensor& y_pred, int64_t axis) {
  auto [truth, prediction] = losses::same_rank(ops::cast(y_true, y_pred.dtype()), y_pred);
  Tensor true_mean = ops::mean(truth, axis, /*keepdims=*/true);
  Tensor predicted_mean = ops::mean(prediction, axis, /*keepdims=*/true);
  Tensor spread = ops::var(truth - true_mean, axis, /*keepdims=*/true) +
                  ops::var(prediction - predicted_mean, axis, /*keepdims=*/true) +
                  ops::square(true_mean - predicted_mean);
  // Both are centered by the predictions' mean, as in Keras; in the sum over the axis it makes no difference.
  Tensor covariance = (truth - predicted_mean) * (prediction - predicted_mean);
  return ops::mean(covariance * 2.0 / (spread + config::epsilon()), axis);
}

ConcordanceCorrelation::ConcordanceCorrelation(ConcordanceCorrelationOptions options)
    : MeanMetricWrapper(
          [options](const Tensor& y, const Tensor& p) { return concordance_correlation(y, p, options.axis); },
          {options.name, options.dtype}),
      options_(std::move(options)) {}

Config ConcordanceCorrelation::config() const {
  Config result = Metric::config();
  result["axis"] = options_.axis;
  return result;
}

ConcordanceCorrelation ConcordanceCorrelation::from_config(const Config& config) {
  ConcordanceCorrelationOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  config.read("axis", options.axis);
  return ConcordanceCorrelation(std::move(options));
}

}  // namespace hornbeam::metrics
