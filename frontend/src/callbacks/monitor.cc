// Directions are Keras': those of its metric classes, found here by the names the metrics have in the logs.
#include "frontend/src/callbacks/monitor.h"

#include <array>
#include <cmath>
#include <string_view>

#include <hornbeam/base/error.h>
#include <hornbeam/model.h>
#include <hornbeam/registry.h>

namespace hornbeam::callbacks {
namespace {

constexpr std::array<std::string_view, 17> kMoreIsBetter = {
    "accuracy", "acc", "auc", "precision", "recall", "f1_score", "fbeta_score", "r2_score", "iou", "io_u",
    "cosine_similarity", "pearson_correlation", "concordance_correlation", "sensitivity_at_specificity",
    "specificity_at_sensitivity", "precision_at_recall", "recall_at_precision"};
constexpr std::array<std::string_view, 21> kLessIsBetter = {
    "loss", "mse", "mae", "mape", "msle", "mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error", "root_mean_squared_error", "binary_crossentropy", "categorical_crossentropy",
    "sparse_categorical_crossentropy", "kl_divergence", "poisson", "logcosh", "log_cosh", "hinge", "squared_hinge",
    "categorical_hinge", "huber"};

// True if `name` is `metric`, or ends with it after an underscore ("<output>_<metric>").
bool ends_with_metric(std::string_view name, std::string_view metric) {
  if (!name.ends_with(metric)) return false;
  return name.size() == metric.size() || name[name.size() - metric.size() - 1] == '_';
}

}  // namespace

std::optional<Direction> direction_of(const std::string& monitor) {
  std::string_view name = monitor;
  if (name.starts_with("val_")) name.remove_prefix(4);
  // A second metric of a class is numbered: "auc_1".
  const size_t last = name.find_last_not_of("0123456789");
  if (last != std::string_view::npos && last + 1 < name.size() && name[last] == '_') name = name.substr(0, last);
  for (const auto metric : kLessIsBetter)
    if (ends_with_metric(name, metric)) return Direction::min;
  for (const auto metric : kMoreIsBetter)
    if (ends_with_metric(name, metric)) return Direction::max;
  return {};
}

Monitor::Monitor(std::string callback, std::string monitor, const std::string& mode, double min_delta)
    : callback_(std::move(callback)), name_(std::move(monitor)), min_delta_(std::abs(min_delta)) {
  if (mode == "min") {
    direction_ = Direction::min;
  } else if (mode == "max") {
    direction_ = Direction::max;
  } else if (mode != "auto") {
    throw ValueError("[" + callback_ + "] mode must be \"auto\", \"min\" or \"max\". Received: mode=\"" + mode + "\"");
  }
}

void Monitor::resolve(const MetricSpecs* specs) {
  if (!direction_) direction_ = direction_of(name_);
  if (!direction_ && specs != nullptr) {
    const std::string name = name_.starts_with("val_") ? name_.substr(4) : name_;
    for (const auto& list : specs->lists())
      for (const MetricSpec& spec : list) {
        const metrics::Metric* metric = spec.metric().object().get();
        if (metric != nullptr && metric->name() == name)
          direction_ = direction_of(registry::snake_case(registry::class_name(typeid(*metric))));
      }
  }
  if (!direction_) {
    throw ValueError("[" + callback_ + "] cannot tell from the name whether more or less of monitor=\"" + name_ +
                     "\" is better. Pass mode=\"max\" or mode=\"min\".");
  }
}

bool Monitor::is_improvement(double value, double reference) const {
  return *direction_ == Direction::min ? value + min_delta_ < reference : value - min_delta_ > reference;
}

}  // namespace hornbeam::callbacks
