// Keras' older .h5 files: the config in attributes, weights by the order of layers.
#pragma once

#include <memory>
#include <string>

#include <hornbeam/file_options.h>
#include <hornbeam/model.h>

#include "frontend/src/saving/hdf5/file.h"

namespace hornbeam::saving {

// Whether an HDF5 file is one of these, with or without a model's config, and not a Keras 3 weights file.
bool is_legacy(hdf5::File& file);

// `size`: bytes of the file.
std::shared_ptr<Model> read_legacy(hdf5::File& file, uint64_t size, const LoadOptions& options);
LoadWeightsReport read_legacy_weights(hdf5::File& file, Model& model, const LoadWeightsOptions& options);

void write_legacy(const Model& model, const std::string& path, const SaveOptions& options);
void write_legacy_weights(const Model& model, const std::string& path, const SaveOptions& options);

}  // namespace hornbeam::saving
