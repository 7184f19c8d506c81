#include <hornbeam/activation.h>

#include <algorithm>
#include <map>
#include <mutex>

#include <hornbeam/base/error.h>
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

Tensor Activation::operator()(const Tensor& x) const {
  if (!function_) return x;
  trace::Trace* trace = trace::Trace::current();
  if (!trace || !ActivationsRematScope::is_active()) return function_(x);
  return trace->remat([&] { return std::vector<Tensor>{function_(x)}; }).at(0);
}

Activation Activation::from_config(const Config& identifier) {
  if (identifier.is_null()) return {};
  if (identifier.is_string()) return Activation(identifier.as_string());
  // {"module": "builtins", "class_name": "function", "config": "relu"}, or a layer class used as an activation.
  const Config* config = identifier.find("config");
  if (config && config->is_string()) return Activation(config->as_string());
  throw ValueError("Could not interpret activation function identifier: " + identifier.to_json());
}

}  // namespace hornbeam
