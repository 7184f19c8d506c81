// Walks model and file side by side.
#include "frontend/src/saving/weights.h"

#include <map>
#include <set>

#include <hornbeam/base/error.h>

#include "frontend/src/saving/printable.h"

namespace hornbeam::saving {
namespace {

constexpr int kMostNesting = 100;
constexpr size_t kMostObjects = 1 << 20;

std::string text_of(const Config& object, const std::string& key) {
  const Config* value = object.find(key);
  return value && value->is_string() ? value->as_string() : "";
}

std::string join(const std::string& path, const std::string& name) { return path.empty() ? name : path + "/" + name; }

class WeightLoader {
 public:
  WeightLoader(hdf5::File& file) : file_(file) {}

  // `config` is the layer's serialized form, or null for a sub-layer, which has none of its own.
  void load_layer(const Layer& layer, const Config* config, const std::string& path) {
    if (!loaded_.insert(layer.state().get()).second) return;
    load_variables(layer.own_variables(), join(path, "vars"), "Layer '" + layer.name() + "'");
    load_seeds(layer, path);
    const Config* options = config ? config->find("config") : nullptr;
    const Config* layers = options ? options->find("layers") : nullptr;
    if (auto* model = dynamic_cast<const Model*>(&layer); model && layers && layers->is_array())
      load_container(*model, *layers, join(path, "layers"));
    else
      load_sublayers(layer, path);
  }

  void load_optimizer(const Model& model) {
    const optimizers::Optimizer& optimizer = *model.optimizer();
    auto group = file_.find("optimizer/vars");
    if (!group) return;
    std::vector<std::string> names = group->names();
    for (const std::string& name : names) used_.insert(join("/optimizer/vars", name));
    if (names.empty()) return;
    // An optimizer that was never called has no slots in the file: iteration and, without a schedule, learning_rate.
    if (!optimizer.built() && names.size() <= 2 && !has_counted()) return;
    model.optimizer()->build(model.trainable_weights());
    const std::vector<Variable>& variables = optimizer.variables();
    bool no_slots = names.size() <= 2 && names.size() < variables.size();
    if (names.size() != variables.size() && !no_slots)
      throw IOError("The optimizer '" + optimizer.name() + "' has " + std::to_string(variables.size()) +
                    " variables, but the file holds " + std::to_string(names.size()) +
                    " for it. Load the model with {.compile = false} and compile it anew.");
    std::vector<Variable> stored(variables.begin(), variables.begin() + static_cast<long>(names.size()));
    load_variables(stored, "optimizer/vars", "Optimizer '" + optimizer.name() + "'");
  }

  // Refuses arrays that no variable has taken: weights must not be lost without a word. An optimizer's
  // may be, if asked to.
  void check_all_used(bool optimizer) {
    struct Place {
      hdf5::Object object;
      int depth;
    };
    std::vector<Place> todo = {{file_.root(), 0}};
    for (size_t seen = 0; !todo.empty(); ++seen) {
      Place place = todo.back();
      todo.pop_back();
      if (place.depth > kMostNesting || seen > kMostObjects)
        throw IOError("The groups of the weights file are nested without an end, at " + printable(place.object.path()));
      if (place.object.is_dataset()) {
        if (!used_.count(place.object.path()))
          throw IOError("The weights file holds " + printable(place.object.path()) +
                        ", for which the model has no variable");
        continue;
      }
      if (!place.object.is_group()) continue;
      if (!optimizer && place.object.path() == "/optimizer") continue;
      for (const std::string& name : place.object.names())
        if (auto child = place.object.child(name)) todo.push_back({*child, place.depth + 1});
    }
  }

 private:
  void load_container(const Model& model, const Config& layers, const std::string& path) {
    std::map<std::string, int> numbers;  // of each class name, as Keras counts: layers, without the operations
    for (const Config& entry : layers.as_array()) {
      std::string class_name = text_of(entry, "class_name");
      if (text_of(entry, "module").rfind("keras.src.ops", 0) == 0) continue;
      std::string group = registry::snake_case(class_name);
      int number = numbers[group]++;
      if (number > 0) group += "_" + std::to_string(number);
      if (class_name == "InputLayer") continue;
      const Config* options = entry.find("config");
      std::string name = text_of(entry, "name");
      if (name.empty() && options) name = text_of(*options, "name");
      load_layer(*model.get_layer(name), &entry, join(path, group));
    }
  }

  void load_sublayers(const Layer& layer, const std::string& path) {
    std::map<std::string, int> numbers;
    for (const Layer::SubLayer& sub : layer.sublayers()) {
      std::string group = sub.attribute.empty() ? registry::snake_case(sub.layer->class_name()) : sub.attribute;
      if (sub.attribute.empty())
        if (int number = numbers[group]++; number > 0) group += "_" + std::to_string(number);
      load_layer(*sub.layer, nullptr, join(path, group));
    }
  }

  // Older Keras 3 versions wrote the state of random numbers; newer ones leave it out.
  void load_seeds(const Layer& layer, const std::string& path) {
    const auto& seeds = layer.seed_generators();
    std::string place = join(path, "seed_generator/vars");
    if (seeds.size() == 1 && file_.find(join(place, "0")))
      load_variables({seeds[0].state()}, place, "Layer '" + layer.name() + "'");
  }

  void load_variables(const std::vector<Variable>& variables, const std::string& path, const std::string& owner) {
    if (variables.empty()) return;
    auto group = file_.find(path);
    if (!group)
      throw IOError(owner + " has " + std::to_string(variables.size()) + " variables, but the weights file has no " +
                    printable(path));
    size_t count = group->names().size();
    if (count != variables.size())
      throw IOError(owner + " has " + std::to_string(variables.size()) + " variables, but the weights file holds " +
                    std::to_string(count) + " in " + printable(path));
    for (size_t i = 0; i < variables.size(); ++i) load_variable(variables[i], *group, std::to_string(i), owner);
  }

  void load_variable(const Variable& variable, const hdf5::Object& group, const std::string& name,
                     const std::string& owner) {
    auto dataset = group.child(name);
    if (!dataset) throw IOError(owner + ": the weights file has no " + printable(group.path()) + "/" + name);
    if (dataset->shape() != variable.shape())
      throw IOError(owner + ": variable '" + variable.path() + "' has shape " + variable.shape().to_string() +
                    ", but " + printable(dataset->path()) + " in the weights file has shape " +
                    dataset->shape().to_string());
    used_.insert(dataset->path());
    variable.assign(Tensor(dataset->read()));
  }

  bool has_counted() {
    auto iteration = file_.find("optimizer/vars/0");
    return iteration && iteration->is_dataset() && iteration->shape().empty() && iteration->read().get(0) != 0;
  }

  hdf5::File& file_;
  std::set<const void*> loaded_;
  std::set<std::string> used_;
};

}  // namespace

void load_weights(const Model& model, const Config& config, hdf5::File& file, bool optimizer) {
  WeightLoader loader(file);
  loader.load_layer(model, &config, "");
  if (optimizer) loader.load_optimizer(model);
  loader.check_all_used(optimizer);
}

}  // namespace hornbeam::saving
