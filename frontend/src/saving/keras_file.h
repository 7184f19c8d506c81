// A .keras file: a zip of metadata.json, config.json, model.weights.h5, and assets/ with the layers' vocabularies.
#pragma once

#include <memory>
#include <string>

#include <hornbeam/base/atomic_file.h>
#include <hornbeam/file_options.h>
#include <hornbeam/model.h>

#include "frontend/src/saving/hdf5/file.h"
#include "frontend/src/saving/zip_reader.h"

namespace hornbeam::saving {

std::shared_ptr<Model> read_keras(ZipReader& zip, const LoadOptions& options);
void write_keras(const Model& model, const std::string& path, const SaveOptions& options);

// Only the weights of the file, into a model that is there.
LoadWeightsReport read_keras_weights(ZipReader& zip, Model& model, const LoadWeightsOptions& options);

// A model.weights.h5 in memory; with the optimizer's variables if the model is compiled and they are asked for.
std::string weights_image(const Model& model, bool optimizer);
// The same from an .h5 file with Keras 3's groups.
LoadWeightsReport read_weights_image(hdf5::File& file, Model& model, const LoadWeightsOptions& options);

// The model that a checked config describes, without values; its variables may take `most_bytes`.
std::shared_ptr<Model> make_model(const Config& config, uint64_t most_bytes);

// Variables take at most this many times the stored weights' bytes: 16-bit arrays may fill 32-bit variables.
inline constexpr uint64_t kMostGrowth = 4;

}  // namespace hornbeam::saving
