// The functions that cases name ("keras.activations.relu"), as calls of Hornbeam's own.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "test/conformance/arguments_support.h"

namespace hornbeam::conformance {

using NamedFunction = std::function<Tensors(const Arguments&, const Tensors&)>;

// The tables of keras.activations, keras.losses and keras.metrics, and of keras.ops.
using FunctionTable = std::map<std::string, NamedFunction>;
const FunctionTable& functions();
const FunctionTable& ops_functions();

bool has_function(const std::string& name);
// Throws ValueError for a name that is not in the table.
const NamedFunction& function_named(const std::string& name);

}  // namespace hornbeam::conformance
