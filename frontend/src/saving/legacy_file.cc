// Legacy .h5 files in and out.
#include "frontend/src/saving/legacy_file.h"

#include <algorithm>
#include <map>
#include <set>

#include <hornbeam/base/atomic_file.h>
#include <hornbeam/base/error.h>

#include "frontend/src/model/graph_rebuild.h"
#include "frontend/src/saving/compile_config.h"
#include "frontend/src/saving/hdf5_writer.h"
#include "frontend/src/saving/keras_file.h"
#include "frontend/src/saving/legacy_config.h"
#include "frontend/src/saving/model_config.h"
#include "frontend/src/saving/printable.h"
#include "frontend/src/saving/vocabularies.h"
#include "frontend/src/saving/weights.h"

namespace hornbeam::saving {
namespace {

constexpr const char* kKerasVersion = "3.15.1";  // whose format is written
constexpr const char* kTopLevel = "top_level_model_weights";

// A list that may be split over name0, name1, ….
std::vector<std::string> read_list(const hdf5::Object& group, const std::string& name) {
  if (auto whole = group.attribute_strings(name)) return *whole;
  std::vector<std::string> list;
  for (int part = 0;; ++part) {
    auto more = group.attribute_strings(name + std::to_string(part));
    if (!more) return list;
    list.insert(list.end(), more->begin(), more->end());
  }
}

hdf5::Object child_at(const hdf5::Object& group, const std::string& path) {
  hdf5::Object at = group;
  for (size_t begin = 0; begin <= path.size();) {
    size_t end = std::min(path.find('/', begin), path.size());
    if (end > begin) {
      auto child = at.child(path.substr(begin, end - begin));
      if (!child) throw IOError("It has no " + printable(group.path() + "/" + path));
      at = *child;
    }
    begin = end + 1;
  }
  return at;
}

// The arrays of one layer, in the file's order.
std::vector<hdf5::Object> arrays_of(const hdf5::Object& group) {
  std::vector<hdf5::Object> arrays;
  for (const std::string& name : read_list(group, "weight_names")) arrays.push_back(child_at(group, name));
  return arrays;
}

std::string attribute_text(const hdf5::Object& object, const std::string& name) {
  auto texts = object.attribute_strings(name);
  return texts && texts->size() == 1 ? texts->at(0) : "";
}

// Keras' order in these files: a layer's trainable weights, then the others.
std::vector<Variable> legacy_order(const Layer& layer) {
  std::vector<Variable> all = layer.trainable_weights(), others = layer.non_trainable_weights();
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

std::vector<Variable> top_level(const Model& model) { return model.own_variables(); }

class LegacyLoader {
 public:
  explicit LegacyLoader(const LoadWeightsOptions& options) : options_(options) {}

  void load(const hdf5::Object& weights, const Model& model) {
    std::vector<std::pair<std::string, hdf5::Object>> groups;
    for (const std::string& name : read_list(weights, "layer_names")) groups.emplace_back(name, child_at(weights, name));
    if (options_.by_name)
      load_by_name(groups, model);
    else
      load_by_order(groups, model);
    auto top = weights.child(kTopLevel);
    if (top && !options_.by_name) set(top_level(model), arrays_of(*top), "The model's own weights");
  }

  void load_optimizer(const hdf5::Object& file, const Model& model) {
    auto group = file.child("optimizer_weights");
    if (!group) return;
    std::vector<std::string> names = read_list(*group, "weight_names");
    if (names.empty()) return;
    std::vector<hdf5::Object> arrays = arrays_of(*group);
    bool counted = arrays[0].shape().empty() && arrays[0].read().get(0) != 0;
    std::vector<Variable> targets = optimizer_targets(model, arrays.size(), counted);
    if (targets.empty()) return;
    set(targets, slots_by_variable(names, arrays), "Optimizer '" + model.optimizer()->name() + "'");
  }

  LoadWeightsReport finish() {
    for (const auto& [variable, array] : assignments_) variable.assign(Tensor(array.read()));
    report_.loaded = static_cast<int64_t>(assignments_.size());
    return std::move(report_);
  }

 private:
  void load_by_order(const std::vector<std::pair<std::string, hdf5::Object>>& groups, const Model& model) {
    std::vector<LayerPtr> layers;
    for (const LayerPtr& layer : model.layers())
      if (!layer->weights().empty()) layers.push_back(layer);
    std::vector<std::pair<std::string, std::vector<hdf5::Object>>> stored;
    for (const auto& [name, group] : groups)
      if (auto arrays = arrays_of(group); !arrays.empty()) stored.emplace_back(name, std::move(arrays));
    if (layers.size() != stored.size())
      throw IOError("The model has " + std::to_string(layers.size()) + " layers with weights, but the file has " +
                    std::to_string(stored.size()));
    for (size_t i = 0; i < layers.size(); ++i)
      set(legacy_order(*layers[i]), stored[i].second,
          "Layer '" + layers[i]->name() + "' ('" + printable(stored[i].first) + "' in the file)");
  }

  void load_by_name(const std::vector<std::pair<std::string, hdf5::Object>>& groups, const Model& model) {
    std::map<std::string, LayerPtr> layers;
    for (const LayerPtr& layer : model.layers()) layers[layer->name()] = layer;
    for (const auto& [name, group] : groups) {
      std::vector<hdf5::Object> arrays = arrays_of(group);
      if (arrays.empty()) continue;
      auto layer = layers.find(name);
      if (layer == layers.end()) {
        report_.skipped.push_back("The file's layer '" + printable(name) + "' is not in the model");
        continue;
      }
      set(legacy_order(*layer->second), arrays, "Layer '" + name + "'");
      layers.erase(layer);
    }
    for (const auto& [name, layer] : layers)
      if (!layer->weights().empty()) report_.skipped.push_back("Layer '" + name + "' is not in the file");
  }

  // All of a layer's weights fit, or none is taken.
  void set(const std::vector<Variable>& variables, const std::vector<hdf5::Object>& arrays, const std::string& owner) {
    std::string problem;
    if (variables.size() != arrays.size())
      problem = owner + " has " + std::to_string(variables.size()) + " weights, but the file holds " +
                std::to_string(arrays.size()) + " for it";
    for (size_t i = 0; problem.empty() && i < arrays.size(); ++i)
      if (arrays[i].shape() != variables[i].shape())
        problem = owner + ": variable '" + variables[i].path() + "' has shape " + variables[i].shape().to_string() +
                  ", but " + printable(arrays[i].path()) + " in the file has shape " + arrays[i].shape().to_string();
    if (!problem.empty()) {
      if (!options_.skip_mismatch) throw IOError(problem);
      report_.skipped.push_back(problem);
      return;
    }
    for (size_t i = 0; i < arrays.size(); ++i) assignments_.emplace_back(variables[i], arrays[i]);
  }

  // Before TensorFlow 2.11 the first moments of all variables came before the second ones ("…/m:0", "…/v:0"); the
  // variables of today's optimizers go variable by variable.
  static std::vector<hdf5::Object> slots_by_variable(const std::vector<std::string>& names,
                                                     const std::vector<hdf5::Object>& arrays) {
    std::vector<std::string> kinds;
    std::map<std::string, std::vector<hdf5::Object>> by_kind;
    for (size_t i = 1; i < names.size(); ++i) {
      std::string kind = names[i].substr(std::min(names[i].rfind('/'), names[i].size()));
      if (kind != "/m:0" && kind != "/v:0" && kind != "/vhat:0") return arrays;
      if (by_kind[kind].empty()) kinds.push_back(kind);
      by_kind[kind].push_back(arrays[i]);
    }
    std::vector<hdf5::Object> ordered = {arrays[0]};
    for (const std::string& kind : kinds)
      if (by_kind[kind].size() != by_kind[kinds[0]].size()) return arrays;
    for (size_t i = 0; !kinds.empty() && i < by_kind[kinds[0]].size(); ++i)
      for (const std::string& kind : kinds) ordered.push_back(by_kind[kind][i]);
    return ordered;
  }

  const LoadWeightsOptions& options_;
  std::vector<std::pair<Variable, hdf5::Object>> assignments_;
  LoadWeightsReport report_;
};

hdf5::Object weights_group(hdf5::File& file) {
  auto group = file.root().child("model_weights");
  return group ? *group : file.root();
}

// Names that are unique in their group: Keras' paths are where a layer is named twice.
void write_arrays(hdf5::Writer& writer, const std::string& group, const std::vector<Variable>& variables) {
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (const Variable& variable : variables) {
    std::string name = variable.path();
    for (int i = 1; !taken.insert(name).second; ++i) name = variable.path() + "_" + std::to_string(i);
    names.push_back(name);
  }
  writer.attribute_list(group, "weight_names", names);
  for (size_t i = 0; i < variables.size(); ++i) writer.dataset(group + "/" + names[i], variables[i].value());
}

void write_weights(hdf5::Writer& writer, const std::string& root, const Model& model) {
  std::string prefix = root.empty() ? "" : root + "/";
  std::vector<LayerPtr> layers = model.layers();
  std::vector<std::string> names;
  for (const LayerPtr& layer : layers) names.push_back(layer->name());
  writer.attribute_list(root, "layer_names", names);
  writer.attribute(root, "backend", "hornbeam");
  writer.attribute(root, "keras_version", kKerasVersion);
  for (const LayerPtr& layer : layers) write_arrays(writer, prefix + layer->name(), legacy_order(*layer));
  write_arrays(writer, prefix + kTopLevel, top_level(model));
}

void write_file(const std::string& image, const std::string& path, const SaveOptions& options) {
  AtomicFile file(path, options.overwrite);
  file.write(image);
  file.commit();
}

}  // namespace

bool is_legacy(hdf5::File& file) {
  hdf5::Object root = file.root();
  return root.child("model_weights") || root.attribute_strings("model_config") || root.attribute_strings("layer_names") ||
         root.attribute_strings("layer_names0");
}

std::shared_ptr<Model> read_legacy(hdf5::File& file, uint64_t size, const LoadOptions& options) {
  hdf5::Object root = file.root();
  std::string text = attribute_text(root, "model_config");
  if (text.empty())
    throw IOError(
        "it holds weights alone, no model. Make the model first and load the file with model.load_weights.");
  std::string version = attribute_text(root, "keras_version");
  bool is_keras2 = version.empty() || version[0] == '1' || version[0] == '2';
  Config config = modern_model_config(parse_model_config(text, "model_config"), is_keras2);
  std::shared_ptr<Model> model = make_model(check_model_config(config), kMostGrowth * size);
  LoadWeightsOptions strict;
  LegacyLoader loader(strict);
  if (!model->built()) throw IOError("the model in it was never built, so its weights have no place");
  loader.load(weights_group(file), *model);
  std::string training = options.compile ? attribute_text(root, "training_config") : "";
  if (!training.empty()) {
    Config compile = modern_compile_config(parse_model_config(training, "training_config"));
    model->compile(read_compile_config(check_model_config(compile)));
    loader.load_optimizer(root, *model);
  }
  loader.finish();
  return model;
}

LoadWeightsReport read_legacy_weights(hdf5::File& file, Model& model, const LoadWeightsOptions& options) {
  LegacyLoader loader(options);
  loader.load(weights_group(file), model);
  return loader.finish();
}

void write_legacy(const Model& model, const std::string& path, const SaveOptions& options) {
  if (std::string owner = layer_with_vocabulary(model); !owner.empty())
    throw NotImplementedError("An .h5 file has no place for the vocabulary that " + owner +
                              " has learned. Save the model as .keras.");
  hdf5::Writer writer;
  std::shared_ptr<Layer> whole = model.shared();
  SharedLayerIds shared(*whole);
  writer.attribute("", "backend", "hornbeam");
  writer.attribute("", "keras_version", kKerasVersion);
  writer.attribute("", "model_config", legacy_model_config(whole->serialize()).to_json());
  bool compiled = options.include_optimizer && model.compiled();
  if (compiled) writer.attribute("", "training_config", legacy_training_config(model.compile_config()).to_json());
  write_weights(writer, "model_weights", model);
  if (compiled && model.optimizer()->built()) write_arrays(writer, "optimizer_weights", model.optimizer()->variables());
  write_file(writer.finish(), path, options);
}

void write_legacy_weights(const Model& model, const std::string& path, const SaveOptions& options) {
  hdf5::Writer writer;
  write_weights(writer, "", model);
  write_file(writer.finish(), path, options);
}

}  // namespace hornbeam::saving
