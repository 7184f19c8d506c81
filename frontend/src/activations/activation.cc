// Activations by name.
#include <hornbeam/activation.h>
#include <hornbeam/registry.h>

#include <map>

namespace hornbeam {
namespace {

struct Known {
  std::string config_name;  // the first of its names
  Activation::Function function;
};

// Filled by static objects, so it must come to life at its first use.
std::map<std::string, Known>& known() {
  static std::map<std::string, Known> activations;
  return activations;
}

}  // namespace

Activation::Register::Register(std::vector<std::string> names, Function function) {
  for (const std::string& name : names) known()[name] = {names.front(), function};
}

Activation::Activation(const char* name) {
  auto found = known().find(name);
  if (found == known().end()) {
    std::vector<std::string> names;
    for (const auto& [each, activation] : known()) names.push_back(each);
    throw ValueError("Unknown activation: '" + std::string(name) + "'" + registry::suggest(name, names));
  }
  name_ = found->second.config_name;
  function_ = found->second.function;
}

Tensor Activation::operator()(const Tensor& x) const { return function_ ? function_(x) : x; }

Activation Activation::from_config(const Config& identifier) {
  if (identifier.is_null()) return {};
  if (identifier.is_string()) return Activation(identifier.as_string());
  // A function serialized as an object: {"module": "keras.activations", "class_name": "function", "config": "relu", …}.
  const Config* class_name = identifier.find("class_name");
  const Config* name = identifier.find("config");
  if (class_name && name && class_name->is_string() && class_name->as_string() == "function" && name->is_string())
    return Activation(name->as_string());
  throw ValueError("Expected an activation's name. Received: " + identifier.to_json());
}

}  // namespace hornbeam
