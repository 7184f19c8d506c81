// Model and file side by side: first all is compared, then the values are set.
#include "frontend/src/saving/weights.h"

#include <map>
#include <set>

#include <hornbeam/base/error.h>
#include <hornbeam/optimizers/loss_scale_optimizer.h>

#include "frontend/src/model/model_state.h"
#include "frontend/src/saving/printable.h"
#include "frontend/src/saving/weight_places.h"
#include "frontend/src/variable_impl.h"

namespace hornbeam::saving {
namespace {

constexpr int kMostNesting = 100;
constexpr size_t kMostObjects = 1 << 20;

bool starts_with(const std::string& text, const std::string& start) { return text.compare(0, start.size(), start) == 0; }

// Calls f(object) for everything in the file.
template <class F>
void walk_file(hdf5::File& file, F f) {
  struct Place {
    hdf5::Object object;
    int depth;
  };
  std::vector<Place> todo = {{file.root(), 0}};
  for (size_t seen = 0; !todo.empty(); ++seen) {
    Place place = todo.back();
    todo.pop_back();
    if (place.depth > kMostNesting || seen > kMostObjects)
      throw IOError("The groups of the weights file are nested without an end, at " + printable(place.object.path()));
    f(place.object);
    if (!place.object.is_group()) continue;
    for (const std::string& name : place.object.names())
      if (auto child = place.object.child(name)) todo.push_back({*child, place.depth + 1});
  }
}

class WeightLoader {
 public:
  WeightLoader(const StoredArrays& arrays, const WeightOptions& options) : arrays_(arrays), options_(options) {
    for (const auto& [path, array] : arrays) {
      size_t vars = path.rfind("vars/");
      if (vars == std::string::npos || path.find('/', vars + 5) != std::string::npos) continue;
      if (vars == 0 || path[vars - 1] == '/') groups_[path.substr(0, vars == 0 ? 0 : vars - 1)].insert(path.substr(vars + 5));
    }
    if (options.group_names)
      for (const auto& [path, name] : *options.group_names) by_name_.emplace(name, path);
  }

  void load_layers(const Model& model) {
    for (const WeightPlace& place : weight_places(model)) {
      std::string path = place.path;
      if (options_.group_names) {
        auto found = by_name_.find(place.name);
        if (found == by_name_.end()) {
          if (!place.variables.empty()) skip(place.owner + " is not in the file");
          continue;
        }
        path = found->second;
      }
      load_place(place, path);
    }
  }

  void load_optimizer(const Model& model) {
    auto group = groups_.find("optimizer");
    if (group == groups_.end() || group->second.empty()) return;
    for (const std::string& name : group->second) used_.insert("optimizer/vars/" + name);
    auto iteration = arrays_.find("optimizer/vars/0");
    bool counted = iteration != arrays_.end() && iteration->second.shape.empty() && iteration->second.read().get(0) != 0;
    std::vector<Variable> targets = optimizer_targets(model, group->second.size(), counted);
    for (size_t i = 0; i < targets.size(); ++i)
      take(targets[i], "optimizer/vars/" + std::to_string(i), "Optimizer '" + model.optimizer()->name() + "'");
  }

  // The state of the optimizer inside a LossScaleOptimizer stands in a file twice.
  void skip_inner_optimizer() {
    for (const auto& [path, array] : arrays_)
      if (starts_with(path, "optimizer/inner_optimizer/")) used_.insert(path);
  }

  // Those that a step has built get their values, the others when one does (model/loaded_slots.h).
  void load_tracked_optimizers(const Model& model) {
    std::vector<std::string> paths = tracked_optimizer_paths(model);
    for (size_t i = 0; i < paths.size(); ++i) {
      auto group = groups_.find(paths[i]);
      if (group == groups_.end()) continue;
      const Optimizer& optimizer = model.tracked_optimizers()[i];
      std::string owner = "Optimizer '" + optimizer->name() + "'";
      std::vector<Variable> variables = optimizer->variables();
      if (optimizer->built() && variables.size() != group->second.size())
        throw IOError(owner + " has " + std::to_string(variables.size()) + " variables, but the file holds " +
                      std::to_string(group->second.size()) + " for it");
      for (size_t j = 0; j < group->second.size(); ++j) {
        std::string name = paths[i] + "/vars/" + std::to_string(j);
        if (optimizer->built()) {
          take(variables[j], name, owner);
          continue;
        }
        auto array = arrays_.find(name);
        if (array == arrays_.end()) throw IOError(owner + ": the weights file has no " + printable(name));
        used_.insert(name);
        waiting_[i].push_back(&array->second);
      }
    }
  }

  // Refuses arrays that no variable has taken: weights must not be lost without a word. An optimizer's may be, if asked
  // to, and the running sums of metrics, which Keras 2 saved.
  void check_all_used() {
    if (options_.group_names) return;  // layers that one side lacks are meant to be left out
    for (const auto& [path, array] : arrays_) {
      if (used_.count(path) || starts_with(path, "metrics/")) continue;
      if (options_.optimizer == OptimizerState::ignore && (starts_with(path, "optimizer/") || starts_with(path, "tracked_optimizers/")))
        continue;
      std::string problem = "The weights file holds /" + printable(path) + ", for which the model has no variable";
      if (!options_.skip_mismatch) throw IOError(problem);
      skip(problem);
    }
  }

  LoadWeightsReport finish(const Model& model) {
    for (const auto& [variable, array] : assignments_) variable.impl()->take_value(array->read());
    for (const Variable& variable : zeros_) variable.assign(Tensor(Array(variable.dtype(), variable.shape())));
    for (const auto& [vocabulary, array] : vocabulary_weights_) {
      Array weights = array->read().cast(DType::float32);
      auto values = weights.as<float>();
      vocabulary->set_vocabulary_weights({values.begin(), values.end()});
    }
    for (const auto& [number, arrays] : waiting_) {
      std::vector<Array>& values = model.model_state()->loaded_slots[number];
      values.clear();
      for (const StoredArray* array : arrays) values.push_back(array->read());
    }
    report_.loaded = static_cast<int64_t>(assignments_.size());
    return std::move(report_);
  }

 private:
  void skip(const std::string& what) { report_.skipped.push_back(what); }

  // A layer that does not fit: refused, or left as it is.
  void mismatch(const std::string& path, const std::string& problem) {
    if (!options_.skip_mismatch) throw IOError(problem);
    for (const std::string& name : groups_[path]) used_.insert(join_path(path, "vars/" + name));
    skip(problem);
  }

  void load_place(const WeightPlace& place, const std::string& path) {
    load_seeds(place, path);
    if (place.vocabulary) load_vocabulary_weights(place, path);
    const std::vector<Variable>& variables = place.variables;
    const std::set<std::string>& stored = groups_[path];
    std::string shown = printable(join_path(path, "vars"));
    if (variables.empty()) return;  // arrays of such a place are left over, and told then
    if (stored.size() != variables.size())
      return mismatch(path, place.owner + " has " + std::to_string(variables.size()) + " variables, but the weights file " +
                                (stored.empty() ? "has no " + shown
                                                : "holds " + std::to_string(stored.size()) + " in " + shown));
    for (size_t i = 0; i < variables.size(); ++i) {
      std::string name = join_path(path, "vars/" + std::to_string(i));
      auto array = arrays_.find(name);
      if (array == arrays_.end()) return mismatch(path, place.owner + ": the weights file has no " + printable(name));
      if (array->second.shape != variables[i].shape())
        return mismatch(path, wrong_shape(variables[i], name, array->second.shape, place.owner));
    }
    for (size_t i = 0; i < variables.size(); ++i)
      take(variables[i], join_path(path, "vars/" + std::to_string(i)), place.owner);
    zeros_.insert(zeros_.end(), place.lora.begin(), place.lora.end());
  }

  // Older Keras 3 versions wrote the state of random numbers; newer ones leave it out.
  void load_seeds(const WeightPlace& place, const std::string& path) {
    std::string name = join_path(path, "seed_generator/vars/0");
    if (place.seeds.size() == 1 && arrays_.count(name)) take(place.seeds[0], name, place.owner);
  }

  // What a vocabulary's tokens count in "tf_idf".
  void load_vocabulary_weights(const WeightPlace& place, const std::string& path) {
    auto array = arrays_.find(join_path(path, "vars/idf_weights"));
    if (array == arrays_.end()) return;
    if (array->second.shape.rank() != 1)
      throw IOError(place.owner + ": /" + printable(array->first) + " in the weights file has shape " +
                    array->second.shape.to_string() + ", and one axis was expected");
    used_.insert(array->first);
    vocabulary_weights_.emplace_back(place.vocabulary, &array->second);
  }

  void take(const Variable& variable, const std::string& name, const std::string& owner) {
    auto array = arrays_.find(name);
    if (array == arrays_.end()) throw IOError(owner + ": the weights file has no " + printable(name));
    if (array->second.shape != variable.shape())
      throw IOError(wrong_shape(variable, name, array->second.shape, owner));
    used_.insert(name);
    assignments_.emplace_back(variable, &array->second);
  }

  std::string wrong_shape(const Variable& variable, const std::string& name, const Shape& stored,
                          const std::string& owner) {
    return owner + ": variable '" + variable.path() + "' has shape " + variable.shape().to_string() + ", but /" +
           printable(name) + " in the weights file has shape " + stored.to_string();
  }

  const StoredArrays& arrays_;
  const WeightOptions& options_;
  std::map<std::string, std::set<std::string>> groups_;  // "layers/dense" → "0", "1"
  std::map<std::string, std::string> by_name_;
  std::set<std::string> used_;
  std::vector<std::pair<Variable, const StoredArray*>> assignments_;
  std::vector<Variable> zeros_;
  std::vector<std::pair<layers::VocabularyLayer*, const StoredArray*>> vocabulary_weights_;
  std::map<size_t, std::vector<const StoredArray*>> waiting_;  // for tracked optimizers, by their number
  LoadWeightsReport report_;
};

}  // namespace

StoredArrays stored_arrays(hdf5::File& file) {
  StoredArrays arrays;
  walk_file(file, [&](const hdf5::Object& object) {
    if (!object.is_dataset()) return;
    arrays[object.path().substr(1)] = {object.shape(), [object] { return object.read(); }};
  });
  return arrays;
}

StoredArrays stored_arrays(const std::map<std::string, Array>& given) {
  StoredArrays arrays;
  for (const auto& [name, array] : given) {
    Array value = array;
    arrays[name] = {array.shape(), [value] { return value.clone(); }};  // `given` keeps its own
  }
  return arrays;
}

std::map<std::string, std::string> stored_names(hdf5::File& file) {
  std::map<std::string, std::string> names;
  walk_file(file, [&](const hdf5::Object& object) {
    const std::string& path = object.path();
    if (!object.is_group() || path.size() < 5 || path.compare(path.size() - 5, 5, "/vars") != 0) return;
    auto name = object.attribute_strings("name");
    if (name && name->size() == 1) names[path.size() > 5 ? path.substr(1, path.size() - 6) : ""] = name->at(0);
  });
  return names;
}

std::vector<Variable> optimizer_targets(const Model& model, size_t count, bool has_counted) {
  const Optimizer& optimizer = model.optimizer();
  // An optimizer that was never called has no slots in the file: iteration and, without a schedule, learning_rate.
  if (!optimizer->built() && count <= 2 && !has_counted) return {};
  optimizer->build(model.trainable_weights());
  std::vector<Variable> targets = optimizer->variables();
  bool no_slots = count <= 2 && count < targets.size();
  if (targets.size() == count + 1 && targets.size() > 2 && targets[1].name() == "learning_rate") {
    targets.erase(targets.begin() + 1);
  } else if (targets.size() != count && !no_slots) {
    throw IOError("The optimizer '" + optimizer->name() + "' has " + std::to_string(targets.size()) +
                  " variables, but the file holds " + std::to_string(count) +
                  " for it. Load the model with {.compile = false} and compile it anew.");
  }
  targets.resize(count);
  return targets;
}

LoadWeightsReport load_weights(const Model& model, const StoredArrays& arrays, const WeightOptions& options) {
  WeightLoader loader(arrays, options);
  loader.load_layers(model);
  if (options.optimizer != OptimizerState::ignore) {
    loader.load_optimizer(model);
    if (dynamic_cast<const optimizers::LossScaleOptimizer*>(&*model.optimizer())) loader.skip_inner_optimizer();
    loader.load_tracked_optimizers(model);
  }
  loader.check_all_used();
  return loader.finish(model);
}

}  // namespace hornbeam::saving
