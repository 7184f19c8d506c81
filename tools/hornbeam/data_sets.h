// The data sets that come as idx files: MNIST and Fashion-MNIST.
#pragma once

#include <string>

#include <hornbeam/model.h>

#include "tools/hornbeam/data_files.h"

namespace hornbeam::cli {

// Whether this is the name of one, with or without ":train" or ":test".
bool is_data_set(const std::string& name);
std::string data_set_names();

struct DataSet {
  Array x;  // uint8, 0 … 255, as the files have it
  Array y;  // int32 labels
};

// `folder` empty: /usr/share/datasets/NAME. Files may be gzip-compressed. Throws IOError that says where the files were
// looked for.
DataSet read_data_set(const std::string& name, Part part, const std::string& folder);

// Images in the shape that the model's one input has for a sample, where it has as many values: [28, 28] as [784] or
// [28, 28, 1].
Array fitted(const Array& images, const Model& model);

}  // namespace hornbeam::cli
