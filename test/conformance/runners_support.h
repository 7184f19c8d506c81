// Runs one case as its kind asks, and says what differs from Keras.
#pragma once

#include <string>
#include <vector>

#include "test/conformance/cases_support.h"
#include "test/conformance/functions_support.h"

namespace hornbeam::conformance {

// True if the case's class or function is one that Hornbeam has.
bool is_known(const Case& c);

// What differs, one line each; empty if the case passes. An exception of the library becomes a line.
std::vector<std::string> check(const Case& c, Path path);

// What is wrong with a layer's case when the layer, and every layer in it, has another dtype policy: the first call's
// outputs must have the policy's dtype and be Keras' float32 values but for the dtype's rounding, and gradients must be
// finite. Empty if nothing is, or if the layer works on strings.
std::vector<std::string> check_in_policy(const Case& c, Path path, const std::string& policy);

}  // namespace hornbeam::conformance
