// What a model's config may hold.
#include "frontend/src/saving/model_config.h"

#include <algorithm>

#include <hornbeam/base/error.h>
#include <hornbeam/registry.h>

#include "frontend/src/saving/json_bounds.h"
#include "frontend/src/saving/operations.h"
#include "frontend/src/saving/printable.h"

namespace hornbeam::saving {
namespace {

std::string text_of(const Config& object, const std::string& key) {
  const Config* value = object.find(key);
  return value && value->is_string() ? value->as_string() : "";
}

bool starts_with(const std::string& text, std::string_view start) {
  return std::string_view(text).substr(0, start.size()) == start;
}

// " 'name'" of the layer whose serialized form `object` is.
std::string layer_name(const Config& object) {
  const Config* config = object.find("config");
  std::string name = config ? text_of(*config, "name") : "";
  return name.empty() ? "" : " '" + printable(name) + "'";
}

[[noreturn]] void refuse_code(const std::string& where) {
  throw IOError(where +
                " is Python code, which a model file must not bring along. Write it as a layer class of your own, "
                "register it with hornbeam::register_layer, and save the model with that layer; or replace it by "
                "layers and keras.ops in the model before saving.");
}

class Checker {
 public:
  Config check(const Config& value) {
    if (value.is_array()) return check_array(value);
    if (!value.is_object()) return value;
    std::string class_name = text_of(value, "class_name");
    if (class_name == "__lambda__") refuse_code("A function in the model");
    if (class_name == "Lambda") refuse_code("Lambda layer" + layer_name(value));
    if (class_name == "__tuple__") return check_array(value.at("items"));
    if (class_name == "function") return check_function(value);
    Config checked = Config::object();
    for (const auto& [key, entry] : value.as_object()) {
      if (key == "layers" && entry.is_array())
        for (const Config& layer : entry.as_array()) check_layer(layer);
      // A vocabulary may be a list, or the name of a file, which a model must not make us open.
      if (key == "vocabulary" && entry.is_string())
        throw IOError("The model's config names the file '" + printable(entry.as_string()) +
                      "' as a vocabulary; files that a model names are not opened. Save the model with the vocabulary "
                      "in it, as Keras does when the layer was adapted or got a list.");
      checked[key] = check(entry);
    }
    return checked;
  }

 private:
  Config check_array(const Config& values) {
    Config checked = Config::array();
    for (const Config& value : values.as_array()) checked.push_back(check(value));
    return checked;
  }

  // {"module": "keras.activations", "class_name": "function", "config": "relu"}: a function by its name.
  Config check_function(const Config& function) {
    std::string module = text_of(function, "module");
    std::string name = text_of(function, "config");
    if (name.empty() || !(module.empty() || module == "builtins" || module == "keras" || starts_with(module, "keras.")))
      refuse_code("Function '" + printable(name) + "' of module '" + printable(module) + "'");
    return Config(name);
  }

  void check_layer(const Config& layer) {
    if (!layer.is_object()) throw IOError("A layer in the model's config is no object");
    std::string class_name = text_of(layer, "class_name");
    if (class_name.empty()) throw IOError("A layer in the model's config has no class_name");
    if (class_name == "Lambda") refuse_code("Lambda layer" + layer_name(layer));
    std::string module = text_of(layer, "module");
    // Operations stand among the layers, and some go by the same name: keras.ops' Add is not the layer Add.
    if (is_operation_entry(layer)) {
      if (find_operation(class_name)) return;
      throw NotImplementedError("The model's graph uses the operation " + printable(class_name) + " of keras.ops" +
                                layer_name(layer) + ", which Hornbeam does not have yet");
    }
    std::string registered = text_of(layer, "registered_name");
    if (registry::contains(Kind::layer, class_name) ||
        (!registered.empty() && registry::contains(Kind::layer, registered)))
      return;
    std::string text = "Layer" + layer_name(layer) + " is of class " + printable(class_name) +
                       (module.empty() ? "" : " (" + printable(module) + ")");
    if (module == "keras" || starts_with(module, "keras."))
      throw NotImplementedError(text + ", which Hornbeam does not have yet");
    throw NotImplementedError(text +
                              ", which is not known here. Register it with hornbeam::register_layer before loading.");
  }
};

}  // namespace

Config parse_model_config(const std::string& text, const std::string& what) {
  check_json_bounds(text, what);
  Config config;
  try {
    config = Config::parse(text);
  } catch (const Error& error) {
    throw IOError(what + ": " + error.what());
  }
  if (!config.is_object()) throw IOError(what + ": it is no JSON object");
  return config;
}

void check_model_class(const Config& config) {
  std::string class_name = text_of(config, "class_name"), registered = text_of(config, "registered_name");
  if (class_name.empty() || registry::contains(Kind::layer, class_name) ||
      (!registered.empty() && registry::contains(Kind::layer, registered)))
    return;
  throw NotImplementedError("The model" + layer_name(config) + " is of class " + printable(class_name) +
                            ", which is not known here. Register it with hornbeam::register_layer before loading.");
}

Config check_model_config(const Config& config) { return Checker().check(config); }

}  // namespace hornbeam::saving
