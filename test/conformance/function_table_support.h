// The functions that cases name ("keras.activations.relu"), as calls of Hornbeam's own.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "test/conformance/arguments_support.h"

namespace hornbeam::conformance {

using NamedFunction = std::function<Tensors(const Arguments&, const Tensors&)>;

// The tables of keras.activations, of keras.losses and keras.metrics, and of keras.ops.
using FunctionTable = std::map<std::string, NamedFunction>;
const FunctionTable& activation_functions();
const FunctionTable& loss_functions();
const FunctionTable& ops_functions();

// Functions that work on concrete tensors alone, since the shape of their results depends on the elements.
const FunctionTable& host_functions();
// Functions whose results are plain values.
using ValueFunction = std::function<nlohmann::json(const Arguments&, const Tensors&)>;
const std::map<std::string, ValueFunction>& value_functions();

bool has_function(const std::string& name);
// Throws ValueError for a name that is not in the table.
const NamedFunction& function_named(const std::string& name);

// What a keyword says, or the default.
inline double number_of(const Arguments& a, const char* name, double otherwise) {
  nlohmann::json value = a.value(name);
  return value.is_number() ? value.get<double>() : otherwise;
}
inline int64_t integer_of(const Arguments& a, const char* name, int64_t otherwise) {
  nlohmann::json value = a.value(name);
  return value.is_number() ? value.get<int64_t>() : otherwise;
}
inline bool flag_of(const Arguments& a, const char* name, bool otherwise) {
  nlohmann::json value = a.value(name);
  return value.is_boolean() ? value.get<bool>() : otherwise;
}

}  // namespace hornbeam::conformance
