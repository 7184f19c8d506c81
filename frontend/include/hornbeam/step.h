// What a step of training, evaluation or prediction works on, and what it reports: for models with a train_step, test_step
// or predict_step of their own (model.h).
#pragma once

#include <concepts>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <hornbeam/metric.h>
#include <hornbeam/tensor.h>

namespace hornbeam {

// One batch, as fit, evaluate or predict was given its data. x is what the model is called on; y and sample_weight are
// single tensors or, for several outputs, lists in their order. What was not given is empty (or, in a list, not valid).
struct StepData {
  Tensors x;
  Tensors y = {};
  Tensors sample_weight = {};
};

// The names and numbers that a step reports: fit's history, the progress bar and callbacks show them, with "val_" in front
// if they come from test_step.
//
//   return {{"loss", loss_tracker_}, {"gradient_norm", norm}};
class StepLogs {
 public:
  // A metric, whose result over the steps of this epoch is read when somebody asks, or a scalar tensor, of which the last
  // step's is reported.
  class Entry {
   public:
    Entry(Tensor value) : value_(std::move(value)) {}
    template <class M>
      requires std::derived_from<M, metrics::Metric>
    Entry(const M& metric) : metric_(std::make_shared<M>(metric)) {}
    Entry(const Metric& metric) : metric_(metric.object()) {}
    const Tensor& value() const { return value_; }
    const std::shared_ptr<metrics::Metric>& metric() const { return metric_; }  // null for a tensor

   private:
    Tensor value_;
    std::shared_ptr<metrics::Metric> metric_;
  };

  StepLogs() = default;
  StepLogs(std::initializer_list<std::pair<const char*, Entry>> entries) {
    for (const auto& [name, entry] : entries) set(name, entry);
  }
  // The results of all the model's metrics; Model::get_metrics_result.
  static StepLogs of_all_metrics() {
    StepLogs logs;
    logs.all_metrics_ = true;
    return logs;
  }

  // Adds an entry, or puts it in the place of that name's.
  StepLogs& set(std::string name, Entry entry) {
    for (auto& [other, old] : entries_)
      if (other == name) return old = std::move(entry), *this;
    entries_.emplace_back(std::move(name), std::move(entry));
    return *this;
  }
  bool all_metrics() const { return all_metrics_; }
  const std::vector<std::pair<std::string, Entry>>& entries() const { return entries_; }

 private:
  bool all_metrics_ = false;
  std::vector<std::pair<std::string, Entry>> entries_;
};

// Which of a model's steps its class has overridden.
struct OwnSteps {
  bool train = false, test = false, predict = false;
  bool any() const { return train || test || predict; }
};

}  // namespace hornbeam
