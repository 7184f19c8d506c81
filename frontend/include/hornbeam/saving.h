// Model files. A file is data: loading one opens that file and no other, runs nothing from it, makes only classes of
// the registry, and takes no more memory than the stored bytes fill. Saving is atomic: the file is written beside, brought
// to the disk, and renamed, so whatever happens a path holds the old file or the new one, whole.
//
//   .keras                  the model as Keras 3 saves it: config, weights, optimizer
//   .h5, .hdf5              the same in Keras' older format
//   .weights.h5             weights alone, as Keras' save_weights writes them
//   .safetensors, .npz      weights alone, each by its place in .weights.h5 without "vars/": "layers/dense/0"
#pragma once

#include <string>

#include <hornbeam/file_options.h>
#include <hornbeam/model.h>

namespace hornbeam {

// The model of a .keras file or of a legacy .h5 file, built and with its weights; which of the two it is, its bytes tell.
// Throws
//   IOError              if the file cannot be read, is damaged, or holds what is no data (a Lambda layer);
//   NotImplementedError  if it needs a class that Hornbeam does not have, which it names.
// Layers of your own have to be registered before (hornbeam::register_layer).
Model load_model(const std::string& path, const LoadOptions& options = {});

// What Model::save calls. The ending of `path` says the format: .keras, or .h5 and .hdf5. Throws ValueError for another
// ending, IOError if the file cannot be written (then nothing is left behind and an old file is whole), and
// NotImplementedError if the model has a part that no file can hold (an activation of your own, say).
void save_model(const Model& model, const std::string& path, const SaveOptions& options = {});

// Weights alone: .weights.h5, .safetensors, .npz, or .h5 for the older format's weights files. An optimizer's state goes
// into .weights.h5 files, as in Keras.
void save_weights(const Model& model, const std::string& path, const SaveOptions& options = {});

// Sets the weights of a built model from a file of weights, or from those of a model file (.keras, .h5); which it is, its
// bytes tell. Throws IOError if an array is missing, left over, or has another shape; then no weight is changed.
LoadWeightsReport load_weights(Model& model, const std::string& path, const LoadWeightsOptions& options = {});

}  // namespace hornbeam
