#include <hornbeam/activation.h>

#include <algorithm>
#include <map>
#include <mutex>

#include <hornbeam/base/error.h>
#include <hornbeam/layer.h>
#include <hornbeam/registry.h>

#include "frontend/src/activation_remat.h"
#include "frontend/src/trace/trace.h"

namespace hornbeam {
namespace {

struct Named {
  std::string config_name;
  Activation::Function function;
};

struct Table {
  std::mutex mutex;
  std::map<std::string, Named> functions;
};

Table& table() {
  static Table* all = new Table();
  return *all;
}

}  // namespace

Activation::Register::Register(std::vector<std::string> names, Function function) {
  std::lock_guard lock(table().mutex);
  for (const std::string& name : names) table().functions[name] = {names.front(), function};
}

Activation::Activation(const char* name) : name_(name) {
  if (name_ == "linear") return;
  std::lock_guard lock(table().mutex);
  auto at = table().functions.find(name_);
  if (at == table().functions.end()) {
    std::vector<std::string> known{"linear"};
    for (const auto& entry : table().functions) known.push_back(entry.first);
    throw ValueError("Could not interpret activation function identifier: '" + name_ + "'." +
                     registry::suggest(name_, known));
  }
  name_ = at->second.config_name;
  function_ = at->second.function;
}

Activation::Activation(std::shared_ptr<Layer> layer) : name_(layer->name()), layer_(std::move(layer)) {}

Tensor Activation::operator()(const Tensor& x) const {
  if (layer_) return layer_->invoke(x).single();
  if (!function_) return x;
  trace::Trace* trace = trace::Trace::current();
  if (!trace || !ActivationsRematScope::is_active()) return function_(x);
  return trace->remat([&] { return std::vector<Tensor>{function_(x)}; }).at(0);
}

Activation Activation::from_config(const Config& identifier) {
  if (identifier.is_null()) return {};
  if (identifier.is_string()) return Activation(identifier.as_string());
  // {"module": "builtins", "class_name": "function", "config": "relu"}, or a layer.
  const Config* config = identifier.find("config");
  if (config && config->is_string()) return Activation(config->as_string());
  const Config* class_name = identifier.find("class_name");
  if (class_name && class_name->is_string() && registry::contains(Kind::layer, class_name->as_string()))
    return Activation(layer_from_config(identifier));
  throw ValueError("Could not interpret activation function identifier: " + identifier.to_json());
}

Config Activation::config() const { return layer_ ? layer_->serialize() : Config(name_); }

}  // namespace hornbeam
