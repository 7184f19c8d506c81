// The functions that cases name ("keras.activations.relu"), as calls of Hornbeam's own.
#pragma once

#include <functional>
#include <string>

#include "test/conformance/arguments_support.h"

namespace hornbeam::conformance {

using NamedFunction = std::function<Tensors(const Arguments&, const Tensors&)>;

bool has_function(const std::string& name);
// Throws ValueError for a name that is not in the table.
const NamedFunction& function_named(const std::string& name);

}  // namespace hornbeam::conformance
