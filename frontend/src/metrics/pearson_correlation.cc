// PearsonCorrelation.
#include <hornbeam/metrics/pearson_correlation.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/options.h"
#include "frontend/src/losses/ranks.h"

namespace hornbeam::metrics {

static const Register<PearsonCorrelation> registered{"PearsonCorrelation", "keras.metrics"};

Tensor pearson_correlation(const Tensor& y_true, const Tensor& y_pred, int64_t axis) {
  auto [truth, prediction] = losses::same_rank(ops::cast(y_true, y_pred.dtype()), y_pred);
  auto standardized = [&](const Tensor& x) {
    Tensor centered = x - ops::mean(x, axis, /*keepdims=*/true);
    return centered / ops::std(centered, axis, /*keepdims=*/true);
  };
  return ops::mean(standardized(truth) * standardized(prediction), axis);
}

PearsonCorrelation::PearsonCorrelation(PearsonCorrelationOptions options)
    : MeanMetricWrapper([options](const Tensor& y, const Tensor& p) { return pearson_correlation(y, p, options.axis); },
                        {options.name, options.dtype}),
      options_(std::move(options)) {}

Config PearsonCorrelation::config() const {
  Config result = Metric::config();
  result["axis"] = options_.axis;
  return result;
}

PearsonCorrelation PearsonCorrelation::from_config(const Config& config) {
  PearsonCorrelationOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  config.read("axis", options.axis);
  return PearsonCorrelation(std::move(options));
}

}  // namespace hornbeam::metrics
