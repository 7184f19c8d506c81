// Metrics: variables (state of the model, in the metrics segment) that update_state counts up and result reads, written in ops.
// (Source of the base: src/metrics/metric.cc.)
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <hornbeam/dtype_policy.h>
#include <hornbeam/registry.h>
#include <hornbeam/tensor.h>
#include <hornbeam/variable.h>

namespace hornbeam {
namespace metrics {

// Derive, override update_state and result (and config), give a static from_config, and register the class. A copy is the
// same metric: it shares its variables.
class Metric {
 public:
  using Base = Metric;
  static constexpr Kind kKind = Kind::metric;
  virtual ~Metric() = default;

  // Makes variables whose shapes follow from those of labels and predictions, once. A model does so before it compiles a
  // step that updates the metric; outside of traces update_state does it itself.
  void ensure_built(const Shape& y_true, const Shape& y_pred);
  // For metrics of values alone (Mean, Sum) y_true is the values and y_pred is not given.
  virtual void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) = 0;
  virtual Tensor result() const = 0;
  // Sets every variable to its first value (zeros unless add_variable said otherwise). On the host: outside a trace only.
  virtual void reset_state();

  const std::string& name() const { return name_; }
  DType dtype() const { return dtype_.compute_dtype(); }
  const std::vector<Variable>& variables() const;
  virtual Config config() const;  // name, dtype

 protected:
  Metric(std::string name, DTypePolicy dtype);
  // The name that is given, or snake_case of the class with a number from the second on: "auc", "auc_1".
  static std::string name_or_automatic(const std::optional<std::string>& name, const char* class_name);
  // Override to make such variables; unknown axes are -1. Throws ValueError if the shapes do not suit.
  virtual void build(const Shape& y_true, const Shape& y_pred) {}
  Variable add_variable(const std::string& name, const Shape& shape = {}, Initializer initializer = "zeros");

 private:
  struct State;
  std::string name_;
  DTypePolicy dtype_;
  std::shared_ptr<State> state_;
};

}  // namespace metrics

using Metric = Handle<metrics::Metric>;

}  // namespace hornbeam
