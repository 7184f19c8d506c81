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

}  // namespace hornbeam::conformance
