// FBetaScore.
#include <hornbeam/metrics/fbeta_score.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/options.h"

namespace hornbeam::metrics {

static const Register<FBetaScore> registered{"FBetaScore", "keras.metrics"};

FBetaScore::FBetaScore(FBetaScoreOptions options) : Metric(options.name, options.dtype), options_(std::move(options)) {
  const std::optional<std::string>& average = options_.average;
  if (average && *average != "micro" && *average != "macro" && *average != "weighted")
    throw ValueError("[" + name() + "] Invalid `average` argument value. Expected one of: None, 'micro', 'macro', " +
                     "'weighted'. Received: average=" + *average);
  if (!(options_.beta > 0))
    throw ValueError("[" + name() + "] Invalid `beta` argument value. It should be > 0. Received: beta=" +
                     std::to_string(options_.beta));
  if (options_.threshold && !(*options_.threshold > 0 && *options_.threshold <= 1))
    throw ValueError("[" + name() +
                     "] Invalid `threshold` argument value. It should verify 0 < threshold <= 1. Received: threshold=" +
                     std::to_string(*options_.threshold));
}

void FBetaScore::build(const Shape& y_true, const Shape& y_pred) {
  if (y_true.rank() != 2 || y_pred.rank() != 2 || y_pred[1] < 0)
    throw ValueError("[" + name() +
                     "] FBetaScore expects 2D inputs with shape (batch_size, output_dim). Received input shapes: "
                     "y_pred.shape=" +
                     y_pred.to_string() + " and y_true.shape=" + y_true.to_string() + ".");
  Shape shape = options_.average == "micro" ? Shape{} : Shape{y_pred[1]};
  true_positives_ = add_variable("true_positives", shape);
  false_positives_ = add_variable("false_positives", shape);
  false_negatives_ = add_variable("false_negatives", shape);
  intermediate_weights_ = add_variable("intermediate_weights", shape);
}

void FBetaScore::update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) {
  ensure_built(y_true.shape(), y_pred.shape());
  Tensor truth = ops::cast(y_true, dtype()), prediction = ops::cast(y_pred, dtype());
  Tensor positive;
  if (options_.threshold)
    positive = ops::greater(prediction, *options_.threshold);
  else  // a row of zeros has no largest one
    positive = ops::logical_and(ops::greater_equal(prediction, ops::max(prediction, -1, /*keepdims=*/true)),
                                ops::greater(ops::abs(prediction), 1e-9));
  prediction = ops::cast(positive, dtype());
  Tensor weight = sample_weight ? ops::expand_dims(ops::cast(sample_weight, dtype()), 1) : Tensor();
  auto add = [&](const Variable& variable, const Tensor& values) {
    Axes axes = options_.average == "micro" ? Axes() : Axes(0);
    variable.assign_add(ops::sum(weight ? values * weight : values, axes));
  };
  add(true_positives_, prediction * truth);
  add(false_positives_, prediction * (1.0 - truth));
  add(false_negatives_, (1.0 - prediction) * truth);
  add(intermediate_weights_, truth);
}

Tensor FBetaScore::result() const {
  const double square = options_.beta * options_.beta;
  Tensor tp = true_positives_;
  Tensor precision = tp / (tp + false_positives_ + config::epsilon());
  Tensor recall = tp / (tp + false_negatives_ + config::epsilon());
  Tensor score = precision * recall / (precision * square + recall + config::epsilon()) * (1.0 + square);
  if (!options_.average) return score;
  if (*options_.average != "weighted") return ops::mean(score);
  Tensor weights = intermediate_weights_;
  return ops::sum(score * (weights / (ops::sum(weights) + config::epsilon())));
}

Config FBetaScore::config() const {
  Config result = Metric::config();
  result["average"] = options_.average;
  result["beta"] = options_.beta;
  result["threshold"] = options_.threshold;
  return result;
}

FBetaScore FBetaScore::from_config(const Config& config) {
  FBetaScoreOptions options;
  config.read("average", options.average);
  config.read("beta", options.beta);
  config.read("threshold", options.threshold);
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return FBetaScore(std::move(options));
}

}  // namespace hornbeam::metrics
