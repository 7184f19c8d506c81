// Compile options from files and from the command line.
#include "tools/hornbeam/compile_options.h"

#include <hornbeam/base/error.h>

#include "tools/hornbeam/options.h"

namespace hornbeam::cli {
namespace {

bool is_object(const Config& value) { return value.is_object() && value.contains("class_name"); }

// One loss for all outputs, a list in their order, or an object by their names.
Tree<Loss> read_losses(const Config& value) {
  if (value.is_string() || is_object(value)) return Tree<Loss>(Loss(value));
  if (value.is_array()) {
    std::vector<Loss> losses;
    for (const Config& each : value.as_array()) losses.push_back(Loss(each));
    return Tree<Loss>(std::move(losses));
  }
  if (!value.is_object()) throw ValueError("--loss: expected a name or a Keras config. Received: " + value.to_json());
  Tree<Loss> losses;
  for (const auto& [name, each] : value.as_object()) losses.set(name, Loss(each));
  return losses;
}

}  // namespace

CompileOptions compile_options(const Model& model, const std::string& path, const CompileOverrides& overrides) {
  CompileOptions options;
  if (model.compiled()) options = model.compile_options();
  if (!overrides.loss.empty()) options.loss = read_losses(name_or_json("--loss", overrides.loss));
  if (options.loss.empty() && !model.compiled())
    throw ValueError(path + ": the model is not compiled, so the file names no loss; give one with --loss");
  if (!overrides.optimizer.empty()) options.optimizer = Optimizer(name_or_json("--optimizer", overrides.optimizer));
  if (overrides.learning_rate) options.optimizer->set_learning_rate(*overrides.learning_rate);
  if (overrides.metrics) {
    std::vector<MetricSpec> metrics;
    for (const std::string& name : *overrides.metrics) metrics.push_back(MetricSpec(name));
    options.metrics = MetricSpecs(std::move(metrics));
    options.weighted_metrics = MetricSpecs();
  }
  return options;
}

}  // namespace hornbeam::cli
