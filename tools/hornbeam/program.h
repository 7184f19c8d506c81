// Running a package: a Program that `compile --emit package` wrote, with its weights.
#pragma once

#include <string>

#include <hornbeam/runtime/data/npy.h>

namespace hornbeam::cli {

// Predicts with the package at `program`, which is code and is run, and the weights in `weights` (empty: the
// .safetensors beside it). Inputs are found in a .npz by name, x0, x1, … or x, or are a .npy. Throws IOError for files
// that cannot be read, ValueError for what does not fit the program.
runtime::NamedArrays predict_with_program(const std::string& program, const std::string& weights,
                                          const std::string& input);

}  // namespace hornbeam::cli
