// How models and weights are written to files and read from them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hornbeam {

struct LoadOptions {
  bool compile = true;  // with the optimizer (its state included), losses and metrics that the file names, if it does
};

struct SaveOptions {
  bool overwrite = true;          // false: a file that is there is an IOError and is left as it is
  bool include_optimizer = true;  // the optimizer's state; false leaves the compile config out, too
};

struct LoadWeightsOptions {
  // Layers are found by their names and not by their places; layers that one side lacks are left out. For .keras,
  // .weights.h5 and legacy .h5 files.
  bool by_name = false;
  // Layers whose weights have another number or shape than the file's keep their own.
  bool skip_mismatch = false;
};

// What load_weights did.
struct LoadWeightsReport {
  int64_t loaded = 0;                // variables that got a value
  std::vector<std::string> skipped;  // one line for each layer or array that was left out, with the reason
};

}  // namespace hornbeam
