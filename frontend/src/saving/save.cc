// save_model and save_weights: the format by the path's ending.
#include <algorithm>

#include <hornbeam/base/error.h>
#include <hornbeam/saving.h>

#include "frontend/src/saving/array_files.h"
#include "frontend/src/saving/keras_file.h"
#include "frontend/src/saving/legacy_file.h"

namespace hornbeam {
namespace {

bool ends_with(const std::string& path, const std::string& ending) {
  return path.size() > ending.size() && path.compare(path.size() - ending.size(), ending.size(), ending) == 0;
}

}  // namespace

void save_model(const Model& model, const std::string& path, const SaveOptions& options) {
  if (ends_with(path, ".weights.h5"))
    throw ValueError("'" + path + "' names a file of weights alone. Call save_weights, or save the model as .keras.");
  if (ends_with(path, ".keras")) return saving::write_keras(model, path, options);
  if (ends_with(path, ".h5") || ends_with(path, ".hdf5")) return saving::write_legacy(model, path, options);
  throw ValueError("A model is saved as .keras, or in Keras' older format as .h5. Received: path=" + path);
}

void save_weights(const Model& model, const std::string& path, const SaveOptions& options) {
  if (!model.built())
    throw ValueError("The model '" + model.name() +
                     "' is not built yet, so it has no weights to save. Build it with an Input or call it on data first.");
  if (ends_with(path, ".weights.h5")) {
    std::string image = saving::weights_image(model, options.include_optimizer);
    AtomicFile file(path, options.overwrite);
    file.write(image);
    return file.commit();
  }
  if (ends_with(path, ".h5") || ends_with(path, ".hdf5")) return saving::write_legacy_weights(model, path, options);
  if (ends_with(path, ".safetensors")) return saving::write_safetensors_weights(model, path, options);
  if (ends_with(path, ".npz")) return saving::write_npz_weights(model, path, options);
  throw ValueError("Weights are saved as .weights.h5, .safetensors, .npz or .h5. Received: path=" + path);
}

void Model::save(const std::string& path, const SaveOptions& options) const { save_model(*this, path, options); }

void Model::save_weights(const std::string& path, const SaveOptions& options) const {
  hornbeam::save_weights(*this, path, options);
}

}  // namespace hornbeam
