#include "frontend/src/model/training.h"

#include <algorithm>

#include <hornbeam/ops.h>

#include "frontend/src/losses/crossentropy.h"
#include "frontend/src/mask.h"
#include "frontend/src/metrics/resolve.h"
#include "frontend/src/trace/source.h"

namespace hornbeam {
namespace {

using Specs = std::vector<trace::Spec>;

std::string list(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "'" : ", '") + name + "'";
  return "[" + text + "]";
}

size_t output_index(const std::string& name, const std::vector<std::string>& outputs, const char* argument) {
  auto at = std::find(outputs.begin(), outputs.end(), name);
  if (at == outputs.end())
    throw ValueError(std::string("In the argument `") + argument + "`, '" + name + "' is not an output of the model." +
                     registry::suggest(name, outputs));
  return static_cast<size_t>(at - outputs.begin());
}

// One value for each output, from one for all, a list, or a map by the outputs' names.
template <class T>
std::vector<T> per_output(const Tree<T>& given, const std::vector<std::string>& outputs, const char* argument,
                          T missing) {
  std::vector<T> values(outputs.size(), missing);
  if (given.is_map()) {
    for (size_t i = 0; i < given.size(); ++i) values[output_index(given.keys()[i], outputs, argument)] = given[i];
  } else if (given.is_single()) {
    std::fill(values.begin(), values.end(), given.single());
  } else if (!given.empty()) {
    if (given.size() != outputs.size())
      throw ValueError(std::string("When passing a list to `") + argument +
                       "`, it must have one entry for each output " + list(outputs) +
                       ". Received: " + std::to_string(given.size()));
    values = given.flat();
  }
  return values;
}

// A metric, and the name it goes by in the logs.
std::pair<std::string, Metric> resolve(const MetricSpec& spec, const trace::Spec& y, const trace::Spec& y_pred) {
  if (spec.metric()) return {spec.metric()->name(), spec.metric()};
  return {spec.name(), metrics::resolve(spec.name(), y.shape, y_pred.shape)};
}

}  // namespace

Training::Training(const CompileOptions& options, const std::vector<std::string>& output_names, const Specs& y_pred,
                   const Specs& y, std::vector<std::shared_ptr<metrics::Metric>> layer_metrics)
    : loss_tracker_({.name = "loss"}), layer_metrics_(std::move(layer_metrics)) {
  size_t n = y_pred.size();
  losses_ = per_output<Loss>(options.loss, output_names, "loss", {});
  loss_weights_ = per_output<double>(options.loss_weights, output_names, "loss_weights", 1.0);
  output_names_ = output_names;
  check_targets(y.size());
  for (size_t i = 0; i < n; ++i)
    if (losses_[i]) losses_[i] = losses::resolved(losses_[i], y[i].shape, y_pred[i].shape);
  size_t with_loss = 0;
  for (const Loss& loss : losses_) with_loss += loss.valid();
  if (with_loss > 1)
    for (size_t i = 0; i < n; ++i)
      if (losses_[i]) output_trackers_.emplace_back(i, metrics::Mean({.name = output_names[i] + "_loss"}));

  auto add = [&](const MetricSpecs& specs, const char* argument, bool weighted) {
    auto add_list = [&](size_t output, const std::vector<MetricSpec>& of_output) {
      for (const MetricSpec& spec : of_output) {
        if (output >= y.size()) throw ValueError("Metrics need targets: y was not given.");
        auto [name, metric] = resolve(spec, y[output], y_pred[output]);
        metric->ensure_built(y[output].shape, y_pred[output].shape);
        std::string full = n > 1 ? output_names[output] + "_" + name : name;
        auto clash = [&](const Entry& other) { return other.name == full; };
        // The same metric, once plain and once weighted, or for several outputs at once, needs a name and a state each.
        std::string unique = full;
        for (int i = 1; std::any_of(metrics_.begin(), metrics_.end(), clash); ++i)
          full = unique + "_" + std::to_string(i);
        metrics_.push_back({full, output, metric, weighted});
      }
    };
    if (specs.by_name()) {
      for (size_t i = 0; i < specs.names().size(); ++i)
        add_list(output_index(specs.names()[i], output_names, argument), specs.lists()[i]);
    } else if (specs.by_order()) {
      if (specs.lists().size() != n)
        throw ValueError(std::string("`") + argument + "` must have one list for each output " + list(output_names) +
                         ". Received: " + std::to_string(specs.lists().size()));
      for (size_t i = 0; i < n; ++i) add_list(i, specs.lists()[i]);
    } else if (!specs.empty()) {
      const std::vector<MetricSpec>& all = specs.lists()[0];
      for (size_t i = 0; i < n; ++i) {
        if (n > 1)
          for (const MetricSpec& spec : all)
            if (spec.metric())
              throw ValueError(
                  "The model has several outputs, and a metric object belongs to one of them. Pass `metrics` by the "
                  "outputs' names " +
                  list(output_names) + ".");
        add_list(i, all);
      }
    }
  };
  add(options.metrics, "metrics", false);
  add(options.weighted_metrics, "weighted_metrics", true);
}

void Training::check_targets(size_t count) const {
  bool needed = !metrics_.empty();
  for (const Loss& loss : losses_) needed |= loss.valid();
  if (needed && count != losses_.size())
    throw ValueError("The model has " + std::to_string(losses_.size()) + " output(s) " + list(output_names_) +
                     ", so y must have as many arrays. Received: " + std::to_string(count));
}

Tensor Training::total_loss(const Model& model, const std::vector<Tensor>& y, const std::vector<Tensor>& y_pred,
                            const std::vector<Tensor>& weights) {
  trace::SourceScope source(trace::kLossSource);
  Tensor total;
  auto add = [&](const Tensor& value) { total = total ? total + value : value; };
  for (size_t i = 0; i < y_pred.size(); ++i) {
    if (!losses_[i]) continue;
    Tensor loss = (*losses_[i])(y.at(i), y_pred[i], i < weights.size() ? weights[i] : Tensor(), mask_of(y_pred[i]));
    if (loss.rank() != 0)
      throw ValueError("The loss '" + losses_[i]->name() + "' must give a scalar to be trained on. Its reduction is '" +
                       losses_[i]->reduction() + "'; use 'sum_over_batch_size' or 'sum'.");
    if (!output_trackers_.empty()) output_losses_.push_back(loss);
    add(loss_weights_[i] == 1.0 ? loss : loss * loss_weights_[i]);
  }
  for (const Tensor& loss : trace::Trace::current()->losses) add(loss);
  for (const Variable& variable : model.trainable_weights())
    if (variable.regularizer()) add(variable.regularizer()->call(variable));
  if (!total)
    throw ValueError(
        "No loss to compute. Provide a `loss` argument in `compile()`, or add one in a layer with add_loss.");
  return total;
}

void Training::update_losses(const Tensor& loss, const std::vector<Tensor>& each, int64_t batch_size) {
  trace::SourceScope source(trace::kMetricsSource);
  Tensor count(static_cast<double>(batch_size));
  loss_tracker_.update_state(loss, count);
  for (size_t i = 0; i < each.size() && i < output_trackers_.size(); ++i)
    output_trackers_[i].second.update_state(each[i], count);
}

void Training::update_metrics(const std::vector<Tensor>& y, const std::vector<Tensor>& y_pred,
                              const std::vector<Tensor>& weights) {
  trace::SourceScope source(trace::kMetricsSource);
  for (Entry& entry : metrics_) {
    Tensor weight = entry.weighted && entry.output < weights.size() ? weights[entry.output] : Tensor();
    entry.metric->update_state(y.at(entry.output), y_pred[entry.output], weight);
  }
}

std::vector<Variable> Training::metric_variables() const {
  std::vector<Variable> all = loss_tracker_.variables();
  auto add = [&](const std::vector<Variable>& more) { all.insert(all.end(), more.begin(), more.end()); };
  for (const auto& [output, tracker] : output_trackers_) add(tracker.variables());
  for (const Entry& entry : metrics_) add(entry.metric->variables());
  for (const auto& metric : layer_metrics_) add(metric->variables());
  return all;
}

void Training::reset_metrics() {
  loss_tracker_.reset_state();
  for (auto& [output, tracker] : output_trackers_) tracker.reset_state();
  for (Entry& entry : metrics_) entry.metric->reset_state();
  for (const auto& metric : layer_metrics_) metric->reset_state();
}

std::vector<std::pair<std::string, Tensor>> Training::results() const {
  std::vector<std::pair<std::string, Tensor>> all{{"loss", loss_tracker_.result()}};
  for (const auto& [output, tracker] : output_trackers_) all.emplace_back(tracker.name(), tracker.result());
  for (const Entry& entry : metrics_) all.emplace_back(entry.name, entry.metric->result());
  for (const auto& metric : layer_metrics_) all.emplace_back(metric->name(), metric->result());
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return all;
}

std::vector<std::string> Training::names() const {
  std::vector<std::string> names{"loss"};
  for (const auto& [output, tracker] : output_trackers_) names.push_back(tracker.name());
  for (const Entry& entry : metrics_) names.push_back(entry.name);
  for (const auto& metric : layer_metrics_) names.push_back(metric->name());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace hornbeam
