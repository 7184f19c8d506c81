// Weights in .safetensors and .npz files: an array for each variable, named by its place in Keras' weights files
// ("layers/dense/vars/0").
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <hornbeam/file_options.h>
#include <hornbeam/model.h>

#include "frontend/src/saving/input_file.h"
#include "frontend/src/saving/zip_reader.h"

namespace hornbeam::saving {

// By a file's first bytes.
bool is_safetensors(const std::vector<uint8_t>& start, uint64_t size);
bool is_pickle(const std::vector<uint8_t>& start);

LoadWeightsReport read_safetensors_weights(InputFile& file, Model& model, const LoadWeightsOptions& options);
// Also takes what numpy.savez(path, *model.get_weights()) writes: arr_0, arr_1, … in the order of the model's weights.
LoadWeightsReport read_npz_weights(ZipReader& zip, Model& model, const LoadWeightsOptions& options);

void write_safetensors_weights(const Model& model, const std::string& path, const SaveOptions& options);
void write_npz_weights(const Model& model, const std::string& path, const SaveOptions& options);

}  // namespace hornbeam::saving
