// Metrics: variables (state of the model, in the metrics segment) that update_state counts up and result reads, written in ops.
// (Source of the base: src/metrics/metric.cc.)
#pragma once

#include <memory>
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
  // `name` empty: snake_case of the class at first use, as registered.
  Metric(std::string name, DTypePolicy dtype);
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
