// Counting true and false positives and negatives at thresholds.
#include <hornbeam/metrics/confusion_metric.h>
#include <hornbeam/ops.h>
#include <hornbeam/ops/sort.h>

#include <algorithm>
#include <cmath>

#include "frontend/src/losses/ranks.h"

namespace hornbeam::metrics {
namespace {

// What a prediction counts as that is not among the k largest: below any threshold.
constexpr double kNever = -1e10;

// Whether the thresholds are 0, 1/n, 2/n, … 1, but for an epsilon at the ends.
bool are_even(const std::vector<double>& thresholds) {
  if (thresholds.size() < 3) return false;
  const double last = static_cast<double>(thresholds.size() - 1);
  for (size_t i = 0; i < thresholds.size(); ++i) {
    double wanted = static_cast<double>(i) / last;
    if (std::abs(std::clamp(thresholds[i], 0.0, 1.0) - wanted) > config::epsilon() + 1e-5 * wanted) return false;
  }
  return true;
}

// The k largest of each row, the first of equal ones, as they are; the others never positive.
Tensor only_top_k(const Tensor& x, int64_t k) {
  Tensor rank = ops::argsort(ops::argsort(-x));
  return ops::where(ops::less(rank, k), x, kNever);
}

// Which predictions are positive at which threshold: [thresholds, predictions…].
Tensor positives(const Tensor& y_pred, const std::vector<double>& thresholds) {
  const auto number = static_cast<int64_t>(thresholds.size());
  Shape shape{number};
  for (int64_t i = 0; i < y_pred.rank(); ++i) shape.push_back(1);
  if (are_even(thresholds)) {
    // Rounded as Keras does it, who finds the interval that a prediction is in: so those on a threshold agree.
    Tensor interval = ops::ceil(ops::clip(y_pred, 0.0, 1.0) * static_cast<double>(number - 1)) - 1.0;
    if (thresholds.front() < 0.0 || thresholds.back() > 1.0) interval = ops::relu(interval);
    Tensor index = ops::cast(ops::arange(0, number), y_pred.dtype());
    return ops::greater_equal(ops::expand_dims(interval, 0), ops::reshape(index, shape));
  }
  Array values = Array::of<float>({number}, std::vector<float>(thresholds.begin(), thresholds.end()));
  return ops::greater(ops::expand_dims(y_pred, 0), ops::reshape(ops::cast(values, y_pred.dtype()), shape));
}

}  // namespace

std::vector<double> Thresholds::values(double otherwise) const {
  std::vector<double> all{otherwise};
  if (std::holds_alternative<std::monostate>(given_)) return all;
  if (const double* one = std::get_if<double>(&given_)) all = {*one};
  if (const auto* several = std::get_if<std::vector<double>>(&given_)) all = *several;
  for (double threshold : all)
    if (!(threshold >= 0 && threshold <= 1))
      throw ValueError("Threshold values must be in [0, 1]. Received: " + config().to_json());
  return all;
}

Config Thresholds::config() const {
  if (const double* one = std::get_if<double>(&given_)) return Config(*one);
  if (const auto* several = std::get_if<std::vector<double>>(&given_)) return Config(*several);
  return {};
}

Thresholds Thresholds::from_config(const Config& config) {
  if (config.is_null()) return {};
  if (config.is_number()) return config.as_double();
  std::vector<double> several;
  config.to(several);
  return several;
}

ConfusionMetric::ConfusionMetric(std::string name, DTypePolicy dtype, Counting counting, const char* variable)
    : Metric(std::move(name), std::move(dtype)), counting_(std::move(counting)), variable_(variable) {
  const auto thresholds = static_cast<int64_t>(counting_.thresholds.size());
  if (!counting_.multi_label)
    add_variables({thresholds});
  else if (counting_.num_labels)
    add_variables({thresholds, *counting_.num_labels});
}

void ConfusionMetric::add_variables(const Shape& shape) {
  static const char* const kNames[] = {"true_positives", "false_positives", "true_negatives", "false_negatives"};
  for (Count which : counting_.counts) variables_[which] = add_variable(variable_ ? variable_ : kNames[which], shape);
}

void ConfusionMetric::build(const Shape&, const Shape& y_pred) {
  if (variables_[counting_.counts[0]]) return;
  if (y_pred.rank() != 2)
    throw ValueError("[" + name() + "] `y_pred` must have rank 2 when `multi_label=True`. Received: y_pred.shape=" +
                     y_pred.to_string());
  add_variables({static_cast<int64_t>(counting_.thresholds.size()), y_pred[1]});
}

std::vector<double> ConfusionMetric::even_thresholds(const std::string& name, int64_t num_thresholds) {
  if (num_thresholds <= 0)
    throw ValueError("[" + name + "] Argument `num_thresholds` must be an integer > 0. Received: num_thresholds=" +
                     std::to_string(num_thresholds));
  if (num_thresholds == 1) return {0.5};
  std::vector<double> thresholds;
  for (int64_t i = 0; i < num_thresholds; ++i)
    thresholds.push_back(static_cast<double>(i) / static_cast<double>(num_thresholds - 1));
  return thresholds;
}

void ConfusionMetric::update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) {
  ensure_built(y_true.shape(), y_pred.shape());
  Tensor scores = ops::cast(y_pred, dtype());
  if (counting_.from_logits) scores = ops::sigmoid(scores);
  auto [prediction, truth] = losses::same_rank(scores, ops::cast(y_true, dtype()));
  Tensor weight = sample_weight;
  if (weight) {
    weight = ops::expand_dims(ops::cast(weight, dtype()), -1);
    if (weight.rank() == truth.rank() + 1 && weight.shape()[-1] == 1) weight = ops::squeeze(weight, -1);
  }
  if (counting_.top_k) prediction = only_top_k(prediction, *counting_.top_k);
  if (counting_.class_id) {
    if (prediction.rank() == 1)
      throw ValueError("[" + name() +
                       "] When class_id is provided, y_pred must be a 2D array with shape (num_samples, num_classes), "
                       "found shape: " +
                       y_pred.shape().to_string());
    const int64_t first = *counting_.class_id + (*counting_.class_id < 0 ? prediction.shape()[-1] : 0);
    truth = ops::slice_axis(truth, -1, first, first + 1);
    prediction = ops::slice_axis(prediction, -1, first, first + 1);
  }
  weight = ops::broadcast_to(weight ? weight : ops::ones({}, dtype()), prediction.shape());
  if (!counting_.label_weights.empty() && !counting_.multi_label) {
    const std::vector<double>& each = counting_.label_weights;
    Array array = Array::of<float>({static_cast<int64_t>(each.size())}, std::vector<float>(each.begin(), each.end()));
    weight = weight * ops::cast(array, dtype());
  }
  if (!counting_.multi_label) {
    for (Tensor* x : {&truth, &prediction, &weight}) *x = ops::reshape(*x, {-1});
  }

  Tensor label = ops::cast(truth, DType::boolean);
  Tensor positive = positives(prediction, counting_.thresholds);
  // Weights of the samples that are true (or false), and of those of them that are positive.
  for (bool wanted : {true, false}) {
    const Count right = wanted ? true_positives : false_positives, left = wanted ? false_negatives : true_negatives;
    if (!variables_[right] && !variables_[left]) continue;
    Tensor own = wanted ? ops::where(label, weight, 0.0) : ops::where(label, 0.0, weight);
    Tensor counted = ops::sum(ops::where(positive, ops::expand_dims(own, 0), 0.0), 1);
    if (variables_[right]) variables_[right].assign_add(counted);
    if (variables_[left]) variables_[left].assign_add(ops::sum(own, 0) - counted);
  }
}

Tensor ConfusionMetric::count(Count which) const { return variables_[which]; }

Tensor ConfusionMetric::share(Count x, Count y) const {
  return ops::divide_no_nan(count(x), ops::add(count(x), count(y)));
}

Tensor ConfusionMetric::by_threshold(const Tensor& values) const {
  return counting_.thresholds.size() == 1 ? ops::squeeze(values, 0) : values;
}

}  // namespace hornbeam::metrics
