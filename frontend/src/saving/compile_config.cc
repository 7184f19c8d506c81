// Optimizer, losses and metrics of a model file.
#include "frontend/src/saving/compile_config.h"

#include <hornbeam/base/error.h>
#include <hornbeam/registry.h>

#include "frontend/src/saving/printable.h"

namespace hornbeam::saving {
namespace {

// {"module", "class_name", "config", …}, as opposed to a dictionary by output names.
bool is_serialized(const Config& value) {
  return value.is_object() && value.contains("class_name") && value.contains("config");
}

// An object of class B by name or serialized form. An unknown class is something that Keras may have and we do not.
template <class B>
Handle<B> make(const Config& identifier, const char* what) {
  const Config* name = is_serialized(identifier) ? identifier.find("class_name") : &identifier;
  if (!name->is_string()) throw IOError(std::string("The ") + what + " in the model's compile_config has no name");
  if (!registry::contains(B::kKind, name->as_string()))
    throw NotImplementedError(
        std::string("The model is compiled with the ") + what + " " + printable(name->as_string()) +
        ", which Hornbeam does not have yet. Load it with {.compile = false} and compile it anew.");
  return Handle<B>(identifier);
}

// A value an output, in the forms that Keras takes: one, a list, or a dictionary by names; null entries stay empty.
template <class T, class F>
Tree<T> read_tree(const Config& value, F read) {
  if (value.is_null()) return {};
  if (value.is_array()) {
    std::vector<T> values;
    for (const Config& entry : value.as_array()) values.push_back(read(entry));
    return Tree<T>(std::move(values));
  }
  if (value.is_object() && !is_serialized(value)) {
    Tree<T> tree;
    for (const auto& [name, entry] : value.as_object()) tree.set(name, read(entry));
    return tree;
  }
  return Tree<T>(read(value));
}

Loss read_loss(const Config& value) { return value.is_null() ? Loss() : make<losses::Loss>(value, "loss"); }

MetricSpec read_metric(const Config& value) {
  if (value.is_string()) return MetricSpec(value.as_string());  // resolved by compile, with the nearest name if unknown
  return MetricSpec(make<metrics::Metric>(value, "metric"));
}

std::vector<MetricSpec> read_metric_list(const Config& value) {
  std::vector<MetricSpec> metrics;
  if (value.is_null()) return metrics;
  if (!value.is_array()) return {read_metric(value)};
  for (const Config& entry : value.as_array()) metrics.push_back(read_metric(entry));
  return metrics;
}

MetricSpecs read_metrics(const Config& value) {
  if (value.is_null()) return {};
  if (value.is_object() && !is_serialized(value)) {
    MetricSpecs specs;
    for (const auto& [name, entry] : value.as_object()) specs.add(name, read_metric_list(entry));
    return specs;
  }
  bool nested = false;
  if (value.is_array())
    for (const Config& entry : value.as_array()) nested = nested || entry.is_array() || entry.is_null();
  if (!nested) return MetricSpecs(read_metric_list(value));
  std::vector<std::vector<MetricSpec>> per_output;
  for (const Config& entry : value.as_array()) per_output.push_back(read_metric_list(entry));
  return MetricSpecs::in_order(std::move(per_output));
}

StepsPerExecution read_steps(const Config& value) {
  if (value.is_string()) return StepsPerExecution(value.as_string().c_str());
  return value.is_null() ? StepsPerExecution(1) : StepsPerExecution(value.as_int());
}

}  // namespace

CompileOptions read_compile_config(const Config& config) {
  static const Config null;
  auto entry = [&](const std::string& key) -> const Config& {
    const Config* found = config.find(key);
    return found ? *found : null;
  };
  const Config& optimizer = entry("optimizer");
  CompileOptions options{
      .optimizer = make<optimizers::Optimizer>(optimizer.is_null() ? Config("rmsprop") : optimizer, "optimizer")};
  options.loss = read_tree<Loss>(entry("loss"), read_loss);
  options.loss_weights =
      read_tree<double>(entry("loss_weights"), [](const Config& value) { return value.as_double(); });
  options.metrics = read_metrics(entry("metrics"));
  options.weighted_metrics = read_metrics(entry("weighted_metrics"));
  options.steps_per_execution = read_steps(entry("steps_per_execution"));
  return options;
}

}  // namespace hornbeam::saving
