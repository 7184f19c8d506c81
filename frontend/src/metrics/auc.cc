// AUC.
#include <hornbeam/metrics/auc.h>
#include <hornbeam/ops.h>

#include <algorithm>

#include "frontend/src/losses/options.h"

namespace hornbeam::metrics {

static const Register<AUC> registered{"AUC", "keras.metrics"};

namespace {

// One of Keras' spellings of a choice, or a ValueError.
std::string choice(const char* what, const std::string& given, const std::vector<std::string>& known, bool upper) {
  for (const std::string& one : known) {
    std::string other = one;
    for (size_t i = 0; i < other.size(); ++i) {
      auto letter = static_cast<unsigned char>(other[i]);
      if (upper || i == 0) other[i] = static_cast<char>(upper ? std::tolower(letter) : std::toupper(letter));
    }
    if (given == one || given == other) return one;
  }
  throw ValueError("[AUC] Invalid " + std::string(what) + " value: \"" + given + "\"." +
                   registry::suggest(given, known));
}

Tensor all_but_last(const Tensor& x) { return ops::slice_axis(x, 0, 0, -1); }
Tensor all_but_first(const Tensor& x) { return ops::slice_axis(x, 0, 1); }

}  // namespace

ConfusionMetric::Counting AUC::counting_of(const AUCOptions& options) {
  if (options.num_labels && !options.multi_label)
    throw ValueError("[AUC] `num_labels` is needed only when `multi_label` is True.");
  Counting counting{.multi_label = options.multi_label,
                    .num_labels = options.num_labels,
                    .label_weights = options.label_weights.value_or(std::vector<double>()),
                    .from_logits = options.from_logits};
  std::vector<double>& thresholds = counting.thresholds;
  if (options.thresholds) {
    thresholds = *options.thresholds;
    std::sort(thresholds.begin(), thresholds.end());
    thresholds.insert(thresholds.begin(), 0.0);
    thresholds.push_back(1.0);
  } else {
    if (options.num_thresholds <= 1)
      throw ValueError("[AUC] Argument `num_thresholds` must be an integer > 1. Received: num_thresholds=" +
                       std::to_string(options.num_thresholds));
    thresholds = even_thresholds("AUC", options.num_thresholds);
  }
  // All predictions are above the first threshold and none above the last, however they are rounded.
  thresholds.front() -= config::epsilon();
  thresholds.back() += config::epsilon();
  return counting;
}

AUC::AUC(AUCOptions options)
    : ConfusionMetric(name_or_automatic(options.name, "AUC"), options.dtype, counting_of(options)),
      options_(std::move(options)) {
  options_.curve = choice("AUC curve", options_.curve, {"ROC", "PR", "PRGAIN"}, true);
  options_.summation_method =
      choice("AUC summation method", options_.summation_method, {"interpolation", "majoring", "minoring"}, false);
}

Tensor AUC::interpolated_pr() const {
  Tensor tp = count(true_positives), p = tp + count(false_positives);
  Tensor tp_left = all_but_last(tp), tp_right = all_but_first(tp);
  Tensor p_left = all_but_last(p), p_right = all_but_first(p);
  Tensor gained = tp_left - tp_right;
  Tensor slope = ops::divide_no_nan(gained, ops::maximum(p_left - p_right, 0.0));
  Tensor intercept = tp_right - slope * p_right;
  Tensor both = ops::logical_and(ops::greater(p_left, 0.0), ops::greater(p_right, 0.0));
  Tensor ratio = ops::where(both, ops::divide_no_nan(p_left, ops::maximum(p_right, 0.0)), 1.0);
  Tensor positive = tp_right + all_but_first(count(false_negatives));
  return ops::divide_no_nan(slope * (gained + intercept * ops::log(ratio)), ops::maximum(positive, 0.0));
}

Tensor AUC::result() const {
  Tensor areas;
  if (options_.curve == "PR" && options_.summation_method == "interpolation") {
    areas = interpolated_pr();
  } else {
    Tensor x, y;
    if (options_.curve == "ROC") {
      x = share(false_positives, true_negatives);
      y = share(true_positives, false_negatives);
    } else if (options_.curve == "PR") {
      x = share(true_positives, false_negatives);
      y = share(true_positives, false_positives);
    } else {
      // Flach and Kull, "Precision-recall-gain curves", 2015. Without true positives the gains are 0 and 1, and a
      // negative gain of recall counts as 0.
      Tensor tp = count(true_positives), fp = count(false_positives), fn = count(false_negatives);
      Tensor scale = ops::divide_no_nan(tp + fn, count(true_negatives) + fp);
      Tensor none = ops::equal(tp, 0.0);
      x = ops::maximum(ops::where(none, 0.0, 1.0 - scale * ops::divide_no_nan(fn, tp)), 0.0);
      y = ops::where(none, 1.0, 1.0 - scale * ops::divide_no_nan(fp, tp));
    }
    Tensor left = all_but_last(y), right = all_but_first(y);
    Tensor height = options_.summation_method == "interpolation" ? (left + right) / 2.0
                    : options_.summation_method == "minoring"    ? ops::minimum(left, right)
                                                                 : ops::maximum(left, right);
    areas = (all_but_last(x) - all_but_first(x)) * height;
  }
  if (!options_.multi_label) return ops::sum(areas);
  Tensor by_label = ops::sum(areas, 0);
  if (!options_.label_weights) return ops::mean(by_label);
  const std::vector<double>& each = *options_.label_weights;
  Tensor weights = ops::cast(
      Array::of<float>({static_cast<int64_t>(each.size())}, std::vector<float>(each.begin(), each.end())), dtype());
  return ops::divide_no_nan(ops::sum(by_label * weights), ops::sum(weights));
}

Config AUC::config() const {
  Config result = Metric::config();
  result["num_thresholds"] = static_cast<int64_t>(counting().thresholds.size());
  result["curve"] = options_.curve;
  result["summation_method"] = options_.summation_method;
  result["multi_label"] = options_.multi_label;
  result["num_labels"] = options_.num_labels;
  result["label_weights"] = options_.label_weights;
  result["from_logits"] = options_.from_logits;
  if (options_.thresholds) {
    const std::vector<double>& all = counting().thresholds;
    result["thresholds"] = std::vector<double>(all.begin() + 1, all.end() - 1);
  }
  return result;
}

AUC AUC::from_config(const Config& config) {
  AUCOptions options;
  config.read("num_thresholds", options.num_thresholds);
  config.read("curve", options.curve);
  config.read("summation_method", options.summation_method);
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  config.read("thresholds", options.thresholds);
  config.read("multi_label", options.multi_label);
  config.read("num_labels", options.num_labels);
  config.read("label_weights", options.label_weights);
  config.read("from_logits", options.from_logits);
  return AUC(std::move(options));
}

}  // namespace hornbeam::metrics
