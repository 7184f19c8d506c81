// Data for a model from .npz and .npy files.
#pragma once

#include <string>

#include <hornbeam/model.h>

namespace hornbeam::cli {

// The model's inputs from a file: a .npy for a model of one input; in a .npz, arrays named by the inputs, or x0, x1, …,
// or x where there is one. Throws IOError for a file that cannot be read, ValueError for arrays that do not fit.
Arrays read_inputs(const Model& model, const std::string& path);

struct Samples {
  Arrays x;
  Arrays y;
  Arrays sample_weight;  // empty where the file has none
};

// Inputs as above and targets from a .npz: named by the outputs, or y0, y1, …, or y; and sample_weight.
Samples read_samples(const Model& model, const std::string& path);

}  // namespace hornbeam::cli
