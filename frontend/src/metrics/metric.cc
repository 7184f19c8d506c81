// A metric's variables and names.
#include <hornbeam/metric.h>

#include <algorithm>

#include "frontend/src/layer_state.h"
#include "frontend/src/variable_impl.h"

namespace hornbeam::metrics {

struct Metric::State {
  std::vector<Variable> variables;
  std::vector<Array> first_values;
  bool built = false;
};

Metric::Metric(std::string name, DTypePolicy dtype)
    : name_(std::move(name)),
      dtype_(dtype.given() ? std::move(dtype) : DTypePolicy(config::floatx())),
      state_(std::make_shared<State>()) {}

std::string Metric::name_or_automatic(const std::optional<std::string>& name, const char* class_name) {
  return name ? *name : automatic_name(class_name);
}

void Metric::ensure_built(const Shape& y_true, const Shape& y_pred) {
  if (state_->built) return;
  build(y_true, y_pred);
  state_->built = true;
}

Variable Metric::add_variable(const std::string& name, const Shape& shape, Initializer initializer) {
  std::string place = name_.empty() ? "metric" : name_;
  std::replace(place.begin(), place.end(), '/', '>');
  NameScope scope(place);
  Variable variable({.name = name, .shape = shape, .dtype = dtype(), .initializer = initializer, .trainable = false});
  state_->variables.push_back(variable);
  state_->first_values.push_back(variable.impl()->value());  // inside a trace, too
  return variable;
}

void Metric::reset_state() {
  for (size_t i = 0; i < state_->variables.size(); ++i) state_->variables[i].assign(state_->first_values[i]);
}

const std::vector<Variable>& Metric::variables() const { return state_->variables; }

Config Metric::config() const { return Config::object({{"name", name_}, {"dtype", dtype()}}); }

}  // namespace hornbeam::metrics
