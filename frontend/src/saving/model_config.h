// The config of a model file, made fit for the registry and checked: what is no data is refused before any
// object is made.
#pragma once

#include <string>

#include <hornbeam/config.h>

namespace hornbeam::saving {

// Parses config.json. Throws IOError for a text that is too large, too deep or no JSON object; `what` names it.
Config parse_model_config(const std::string& text, const std::string& what);

// Checks the whole tree and rewrites what Keras' serialization adds to JSON: tuples become arrays, and functions known
// by name become that name. Throws
//   IOError              for Python code (Lambda), with what to do instead, and for custom functions;
//   NotImplementedError  for a layer class that is not there, naming it.
Config check_model_config(const Config& config);
// Throws NotImplementedError if the model itself is of a class that is not known.
void check_model_class(const Config& config);

}  // namespace hornbeam::saving
