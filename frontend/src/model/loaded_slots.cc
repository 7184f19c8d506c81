// Checks all of an optimizer's values before one is assigned.
#include "frontend/src/model/loaded_slots.h"

#include <hornbeam/base/error.h>

#include "frontend/src/model/model_state.h"

namespace hornbeam {
namespace {

void give(const Optimizer& optimizer, const std::vector<Array>& values) {
  std::vector<Variable> variables = optimizer->variables();
  std::string name = "The optimizer '" + optimizer->name() + "' that the model tracks";
  if (variables.size() != values.size())
    throw ValueError(name + " has " + std::to_string(variables.size()) + " variables, but the model's file held " +
                     std::to_string(values.size()) + " for it. Load the model with {.compile = false} to leave them.");
  for (size_t i = 0; i < values.size(); ++i)
    if (variables[i].shape() != values[i].shape())
      throw ValueError(name + ": variable '" + variables[i].path() + "' has shape " + variables[i].shape().to_string() +
                       ", but the model's file held one of shape " + values[i].shape().to_string() + " in its place");
  for (size_t i = 0; i < values.size(); ++i) variables[i].assign(Tensor(values[i]));
}

}  // namespace

void give_loaded_slots(const Model& model) {
  ModelState& state = *model.model_state();
  for (auto at = state.loaded_slots.begin(); at != state.loaded_slots.end();) {
    const Optimizer& optimizer = state.optimizers.at(at->first);
    if (!optimizer->built()) {
      ++at;
      continue;
    }
    std::vector<Array> values = std::move(at->second);
    at = state.loaded_slots.erase(at);
    give(optimizer, values);
  }
}

}  // namespace hornbeam
