// R2Score.
#include <hornbeam/metrics/r2_score.h>
#include <hornbeam/ops.h>

#include "frontend/src/losses/ranks.h"

namespace hornbeam::metrics {

static const Register<R2Score> registered{"R2Score", "keras.metrics"};

R2Score::R2Score(R2ScoreOptions options)
    : Metric(options.name, options.dtype), options_(std::move(options)), num_samples_(add_variable("num_samples")) {
  const std::optional<std::string>& aggregation = options_.class_aggregation;
  if (aggregation && *aggregation != "uniform_average" && *aggregation != "variance_weighted_average")
    throw ValueError("[" + name() +
                     "] Invalid value for argument `class_aggregation`. Expected one of None, 'uniform_average', "
                     "'variance_weighted_average'. Received: class_aggregation=" +
                     *aggregation);
  if (options_.num_regressors < 0)
    throw ValueError("[" + name() +
                     "] Invalid value for argument `num_regressors`. Expected a value >= 0. Received: num_regressors=" +
                     std::to_string(options_.num_regressors));
}

void R2Score::build(const Shape& y_true, const Shape& y_pred) {
  auto two = [](const Shape& shape) { return shape.rank() == 2 || shape.rank() == 1; };
  if (!two(y_true) || !two(y_pred) || (y_pred.rank() == 1 && y_true.rank() == 1) || y_pred[-1] < 0)
    throw ValueError("[" + name() +
                     "] R2Score expects 2D inputs with shape (batch_size, output_dim). Received input shapes: "
                     "y_pred.shape=" +
                     y_pred.to_string() + " and y_true.shape=" + y_true.to_string() + ".");
  Shape shape{y_pred.rank() == 2 ? y_pred[1] : 1};
  squared_sum_ = add_variable("squared_sum", shape);
  sum_ = add_variable("sum", shape);
  total_mse_ = add_variable("residual", shape);
  count_ = add_variable("count", shape);
}

void R2Score::update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) {
  ensure_built(y_true.shape(), y_pred.shape());
  auto [truth, prediction] = losses::same_rank(ops::cast(y_true, dtype()), ops::cast(y_pred, dtype()));
  Tensor weight = sample_weight ? ops::cast(sample_weight, dtype()) : ops::ones({}, dtype());
  if (weight.rank() == 1) weight = ops::expand_dims(weight, 1);
  weight = ops::broadcast_to(weight, truth.shape());
  Tensor weighted = truth * weight;
  sum_.assign_add(ops::sum(weighted, 0));
  squared_sum_.assign_add(ops::sum(truth * weighted, 0));
  total_mse_.assign_add(ops::sum(ops::square(truth - prediction) * weight, 0));
  count_.assign_add(ops::sum(weight, 0));
  num_samples_.assign_add(static_cast<double>(truth.shape()[0] * truth.shape()[1]));
}

Tensor R2Score::result() const {
  Tensor total = squared_sum_ - sum_ * (sum_ / count_);
  Tensor score = 1.0 - total_mse_ / total;
  score = ops::where(ops::isinf(score), 0.0, score);
  if (options_.class_aggregation == "uniform_average")
    score = ops::mean(score);
  else if (options_.class_aggregation)
    score = ops::sum(total * score) / ops::sum(total);
  if (options_.num_regressors == 0) return score;
  Tensor freedom = num_samples_ - static_cast<double>(options_.num_regressors) - 1.0;
  Tensor adjusted = 1.0 - (1.0 - score) * (num_samples_ - 1.0) / freedom;
  return ops::where(ops::greater(freedom, 0.0), adjusted, score);
}

Config R2Score::config() const {
  Config result = Metric::config();
  result["class_aggregation"] = options_.class_aggregation;
  result["num_regressors"] = options_.num_regressors;
  return result;
}

R2Score R2Score::from_config(const Config& config) {
  R2ScoreOptions options;
  config.read("class_aggregation", options.class_aggregation);
  config.read("num_regressors", options.num_regressors);
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return R2Score(std::move(options));
}

}  // namespace hornbeam::metrics
