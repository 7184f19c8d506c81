// Weights of a model from stored arrays that are named as in Keras 3's weights files:
// layers/<class in snake case, numbered within its container>/vars/<i>.
#pragma once

#include <functional>
#include <map>
#include <string>

#include <hornbeam/base/array.h>
#include <hornbeam/file_options.h>
#include <hornbeam/model.h>

#include "frontend/src/saving/hdf5/file.h"

namespace hornbeam::saving {

// An array of a file, not read yet.
struct StoredArray {
  Shape shape;
  std::function<Array()> read;
};
using StoredArrays = std::map<std::string, StoredArray>;

// All arrays of an HDF5 file by their paths, without the first '/'. The file has to outlive them. Throws IOError if its
// groups go on without an end.
StoredArrays stored_arrays(hdf5::File& file);
StoredArrays stored_arrays(const std::map<std::string, Array>& arrays);
// The names that the file's groups keep for their layers: "layers/dense" → "encoder_in".
std::map<std::string, std::string> stored_names(hdf5::File& file);

enum class OptimizerState : uint8_t {
  ignore,  // what the file holds of an optimizer is left
  load,    // into the model's optimizer
};

struct WeightOptions {
  OptimizerState optimizer = OptimizerState::ignore;
  bool skip_mismatch = false;
  // For loading by layer names: the name of each group (stored_names). Null: by place.
  const std::map<std::string, std::string>* group_names = nullptr;
};

// Sets all weights of the built `model`. Each variable is set once, by the first place that names it, as Keras saves
// shared layers. Throws IOError if an array is missing, of another shape, or belongs to nothing in the model; then
// nothing is changed.
LoadWeightsReport load_weights(const Model& model, const StoredArrays& arrays, const WeightOptions& options);

// The variables of the optimizer that a file with `count` arrays for it has values for: those of an optimizer that was
// never called lack the slots, and Keras 2 left out the learning rate. Builds the optimizer where the file has slots.
// Throws IOError if the number does not fit.
std::vector<Variable> optimizer_targets(const Model& model, size_t count, bool has_counted);

}  // namespace hornbeam::saving
