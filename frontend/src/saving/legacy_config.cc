// Keras 2's config dialect.
#include "frontend/src/saving/legacy_config.h"

#include <map>
#include <set>

#include <hornbeam/base/error.h>
#include <hornbeam/registry.h>

#include "frontend/src/saving/printable.h"

namespace hornbeam::saving {
namespace {

std::string text_of(const Config& object, const std::string& key) {
  const Config* value = object.find(key);
  return value && value->is_string() ? value->as_string() : "";
}

bool is_model_class(const std::string& class_name) {
  return class_name == "Functional" || class_name == "Model" || class_name == "Sequential";
}

std::string modern_class(const std::string& class_name) {
  static const std::map<std::string, std::string> kNames = {{"BatchNormalizationV1", "BatchNormalization"},
                                                            {"BatchNormalizationV2", "BatchNormalization"},
                                                            {"GRUV2", "GRU"},
                                                            {"GroupedQueryAttention", "GroupQueryAttention"},
                                                            {"LSTMV2", "LSTM"},
                                                            {"Model", "Functional"}};
  auto found = kNames.find(class_name);
  if (found != kNames.end()) return found->second;
  // tf.keras registered its own optimizers as if they were a user's.
  return class_name.rfind("Custom>", 0) == 0 && registry::contains(Kind::optimizer, class_name.substr(7))
             ? class_name.substr(7)
             : class_name;
}

// A tensor of a list-form node: [layer, call, result] or the same with keyword arguments.
bool is_history(const Config& value) {
  return value.is_array() && (value.size() == 3 || value.size() == 4) && value[0].is_string() && value[1].is_int() &&
         value[2].is_int();
}

// One container of layers: its classes decide how calls are counted.
class Container {
 public:
  explicit Container(const Config& layers) {
    for (const Config& layer : layers.as_array()) {
      std::string name = text_of(layer, "name");
      const Config* options = layer.find("config");
      if (name.empty() && options) name = text_of(*options, "name");
      classes_[name] = text_of(layer, "class_name");
      const Config* nodes = layer.find("inbound_nodes");
      lists_ = lists_ || (nodes && nodes->is_array() && nodes->size() > 0 && nodes->as_array()[0].is_array());
    }
  }

  // Keras 2 counts a nested model's own graph as its call 0.
  Config tensor(const Config& history) const {
    int64_t call = history[1].as_int();
    if (is_model_class(class_of(history)) && call > 0) --call;
    return Config::object(
        {{"class_name", "__keras_tensor__"},
         {"config", Config::object({{"keras_history", Config::array({history[0], call, history[2]})}})}});
  }

  // Keras 3 still counts so where a model names its inputs and outputs, but for functional models only.
  Config place(const Config& history) const {
    int64_t call = history[1].as_int();
    if (lists_ && class_of(history) == "Sequential" && call > 0) --call;
    return Config::array({history[0], call, history[2]});
  }

  bool has(const std::string& layer) const { return classes_.count(layer) > 0; }

 private:
  std::string class_of(const Config& history) const {
    auto found = classes_.find(history[0].as_string());
    return found == classes_.end() ? "" : found->second;
  }

  std::map<std::string, std::string> classes_;
  bool lists_ = false;  // calls are lists: Keras 2's form
};

// A keyword argument of a call: tensors are histories, alone or in lists.
Config modern_argument(const Config& value, const Container& container) {
  if (is_history(value) && container.has(value[0].as_string())) return container.tensor(value);
  if (!value.is_array()) return value;
  Config list = Config::array();
  for (const Config& element : value.as_array()) list.push_back(modern_argument(element, container));
  return list;
}

// The tensors of a call: one, a list, or a dictionary of them.
Config modern_tensors(const Config& node, const Container& container, Config& kwargs) {
  if (is_history(node)) {
    if (node.size() == 4 && node[3].is_object())
      for (const auto& [name, value] : node[3].as_object()) kwargs[name] = modern_argument(value, container);
    if (node[0].as_string() == "_CONSTANT_VALUE") return node[2];
    return container.tensor(node);
  }
  if (node.is_object()) {
    Config map = Config::object();
    for (const auto& [name, value] : node.as_object()) map[name] = modern_tensors(value, container, kwargs);
    return map;
  }
  if (!node.is_array()) throw IOError("A call in the model's config is neither a tensor nor a list of tensors");
  Config list = Config::array();
  for (const Config& element : node.as_array()) list.push_back(modern_tensors(element, container, kwargs));
  return list.size() == 1 ? list[0] : list;
}

Config modern_node(const Config& node, const Container& container) {
  if (node.is_object() && node.contains("args")) return node;  // Keras 3's form
  Config kwargs = Config::object();
  Config inputs = modern_tensors(node, container, kwargs);
  return Config::object({{"args", Config::array({inputs})}, {"kwargs", kwargs}});
}

// "input_layers", "output_layers".
Config modern_places(const Config& places, const Container& container) {
  if (is_history(places)) return container.place(places);
  if (places.is_object()) {
    Config map = Config::object();
    for (const auto& [name, value] : places.as_object()) map[name] = modern_places(value, container);
    return map;
  }
  Config list = Config::array();
  for (const Config& value : places.as_array()) list.push_back(modern_places(value, container));
  return list.size() == 1 ? list[0] : list;
}

class Modernizer {
 public:
  explicit Modernizer(bool is_keras2) : is_keras2_(is_keras2) {}

  Config object(const Config& given) {
    Config out = Config::object();
    for (const auto& [key, value] : given.as_object()) out[key] = value;
    std::string class_name = modern_class(text_of(given, "class_name"));
    out["class_name"] = class_name;
    const Config* options = given.find("config");
    // The oldest Sequential models have the list of layers alone.
    if (options && options->is_array() && class_name == "Sequential")
      out["config"] = container(Config::object({{"layers", *options}}), class_name);
    else if (options && options->is_object())
      out["config"] = options->contains("layers") ? container(*options, class_name) : settings(*options, class_name);
    return out;
  }

 private:
  Config value(const Config& given) {
    if (given.is_object()) {
      if (given.contains("class_name") && given.contains("config")) return object(given);
      Config out = Config::object();
      for (const auto& [key, entry] : given.as_object()) out[key] = value(entry);
      return out;
    }
    if (!given.is_array()) return given;
    Config out = Config::array();
    for (const Config& entry : given.as_array()) out.push_back(value(entry));
    return out;
  }

  // The config of a layer, an initializer, a loss.
  Config settings(const Config& given, const std::string& class_name) {
    // What Keras 2 writes and nothing needs today.
    static const std::set<std::string> kDropped = {"batch_input_shape", "input_length",        "query_shape",
                                                   "key_shape",         "value_shape",         "ragged_input",
                                                   "jit_compile",       "is_legacy_optimizer", "input_dtype",
                                                   "implementation",    "expects_training_arg"};
    Config out = Config::object();
    for (const auto& [key, entry] : given.as_object()) {
      if (class_name == "InputLayer" && key == "batch_input_shape") {
        out["batch_shape"] = entry;
        continue;
      }
      if (kDropped.count(key)) continue;
      if ((key == "activation" || key == "recurrent_activation") && entry.is_string() && is_keras2_ &&
          entry.as_string() == "hard_sigmoid")
        throw NotImplementedError(
            class_name + " uses Keras 2's hard_sigmoid, which is another function than today's. Load the model in "
            "Keras 2, replace the activation, and save it again.");
      if (key == "axis" && entry.is_array() && entry.size() == 1)
        out[key] = entry[0];
      else if (class_name == "LeakyReLU" && key == "alpha")
        out["negative_slope"] = entry;
      else if (class_name == "VarianceScaling" && key == "distribution" && entry.is_string() &&
               entry.as_string() == "normal")
        out[key] = "truncated_normal";
      else if (key == "reduction" && entry.is_string() && entry.as_string() == "auto")
        out[key] = "sum_over_batch_size";
      else
        out[key] = value(entry);
    }
    if (is_keras2_ && class_name == "GRU" && !out.contains("reset_after")) out["reset_after"] = false;
    return out;
  }

  Config container(const Config& given, const std::string& class_name) {
    const Config& layers = given.at("layers");
    if (!layers.is_array()) throw IOError("The layers in the model's config are no list");
    Container classes(layers);
    Config out = Config::object();
    for (const auto& [key, entry] : given.as_object())
      if (key != "layers") out[key] = key == "input_layers" || key == "output_layers" ? modern_places(entry, classes) : entry;
    Config modern = Config::array();
    for (const Config& layer : layers.as_array()) {
      if (!layer.is_object() || !layer.contains("class_name") || !layer.contains("config"))
        throw IOError("A layer in the model's config is no object with class_name and config");
      const Config* shape = layer.at("config").find("batch_input_shape");
      if (class_name == "Sequential" && modern.size() == 0 && shape && text_of(layer, "class_name") != "InputLayer")
        modern.push_back(input_before(layer, *shape));
      Config entry = object(layer);
      if (const Config* nodes = layer.find("inbound_nodes"); nodes && nodes->is_array()) {
        Config calls = Config::array();
        for (const Config& node : nodes->as_array()) calls.push_back(modern_node(node, classes));
        entry["inbound_nodes"] = calls;
      }
      modern.push_back(entry);
    }
    out["layers"] = modern;
    return out;
  }

  // The first layer of a Sequential may say the input's shape itself.
  static Config input_before(const Config& layer, const Config& shape) {
    const Config* dtype = layer.at("config").find("dtype");
    bool ids = text_of(layer, "class_name") == "Embedding";
    return Config::object(
        {{"class_name", "InputLayer"},
         {"config", Config::object({{"batch_shape", shape},
                                    {"dtype", ids || !dtype || !dtype->is_string() ? Config("float32") : *dtype},
                                    {"name", text_of(layer.at("config"), "name") + "_input"}})}});
  }

  bool is_keras2_;
};

// A metric by its function: {"class_name": "MeanMetricWrapper", "config": {"name": "mae", "fn": "mean_absolute_error"}}.
Config modern_metric(const Config& given) {
  if (given.is_array()) {
    Config out = Config::array();
    for (const Config& entry : given.as_array()) out.push_back(modern_metric(entry));
    return out;
  }
  if (!given.is_object()) return given;
  if (!given.contains("class_name")) {
    Config out = Config::object();
    for (const auto& [key, entry] : given.as_object()) out[key] = modern_metric(entry);
    return out;
  }
  const Config* options = given.find("config");
  if (text_of(given, "class_name") != "MeanMetricWrapper" || !options || text_of(*options, "fn").empty())
    return Modernizer(false).object(given);
  Config settings = Config::object();
  for (const auto& [key, entry] : options->as_object())
    if (key != "fn") settings[key] = entry;
  return Config::object({{"class_name", text_of(*options, "fn")}, {"config", settings}});
}

// Keras 2's optimizers: `lr`, and a rate that decays with the steps.
Config modern_optimizer(const Config& given) {
  Config out = Modernizer(false).object(given);
  Config options = Config::object();
  double decay = 0;
  for (const auto& [key, entry] : out.at("config").as_object()) {
    if (key == "decay")
      decay = entry.is_number() ? entry.as_double() : 0;
    else if (!(key == "epsilon" && entry.is_null()))
      options[key == "lr" ? "learning_rate" : key] = entry;
  }
  const Config* rate = options.find("learning_rate");
  if (decay != 0 && rate && rate->is_number())
    options["learning_rate"] = Config::object(
        {{"class_name", "InverseTimeDecay"},
         {"config", Config::object({{"initial_learning_rate", *rate}, {"decay_steps", 1}, {"decay_rate", decay}})}});
  out["config"] = options;
  return out;
}

Config without_module(const Config& object) {
  Config out = Config::object();
  for (const auto& [key, entry] : object.as_object())
    if (key != "module" && key != "registered_name" && key != "build_config" && key != "compile_config") out[key] = entry;
  return out;
}

}  // namespace

Config modern_model_config(const Config& legacy, bool is_keras2) {
  if (!legacy.is_object() || !legacy.contains("class_name") || !legacy.contains("config"))
    throw IOError("Its model_config is no object with class_name and config");
  return Modernizer(is_keras2).object(legacy);
}

Config modern_compile_config(const Config& legacy) {
  Config out = Config::object();
  for (const auto& [key, entry] : legacy.as_object()) {
    if (key == "optimizer_config")
      out["optimizer"] = modern_optimizer(entry);
    else if (key == "metrics" || key == "weighted_metrics" || key == "loss")
      out[key] = modern_metric(entry);
    else if (key != "sample_weight_mode")
      out[key] = entry;
  }
  return out;
}

Config legacy_model_config(const Config& modern) {
  Config out = without_module(modern);
  // Here classes go by their Python names, which for one of them is not the one it is known by.
  if (out.at("class_name") == Config("GroupQueryAttention")) out["class_name"] = "GroupedQueryAttention";
  const Config* layers = out.at("config").find("layers");
  if (!layers) return out;
  Config options = Config::object();
  for (const auto& [key, entry] : out.at("config").as_object()) {
    if (key != "layers") {
      options[key] = entry;
      continue;
    }
    Config list = Config::array();
    for (const Config& layer : entry.as_array()) list.push_back(legacy_model_config(layer));
    options[key] = list;
  }
  out["config"] = options;
  return out;
}

Config legacy_training_config(const Config& compile_config) {
  Config out = Config::object();
  for (const auto& [key, entry] : compile_config.as_object())
    if (key != "optimizer") out[key] = entry;
  out["optimizer_config"] = without_module(compile_config.at("optimizer"));
  return out;
}

}  // namespace hornbeam::saving
