// load_model and load_weights: which format it is, and the errors of all of them.
#include <new>
#include <stdexcept>

#include <hornbeam/base/error.h>
#include <hornbeam/saving.h>

#include "frontend/src/saving/array_files.h"
#include "frontend/src/saving/hdf5/file.h"
#include "frontend/src/saving/input_file.h"
#include "frontend/src/saving/keras_file.h"
#include "frontend/src/saving/legacy_file.h"
#include "frontend/src/saving/printable.h"

namespace hornbeam {
namespace {

constexpr size_t kMostErrorText = 1000;  // an error may quote what it found in the file

// Runs f; whatever it throws comes out as an IOError or NotImplementedError of one line that starts with the path.
template <class F>
auto with_path(const std::string& path, F f) {
  std::string shown = saving::printable(path);
  auto named = [&](const std::string& text) {
    std::string line = saving::printable(text, kMostErrorText);
    return line.rfind(shown, 0) == 0 ? line : shown + ": " + line;
  };
  try {
    return f();
  } catch (const NotImplementedError& error) {
    throw NotImplementedError(named(error.what()));
  } catch (const Error& error) {
    throw IOError(named(error.what()));
  } catch (const std::bad_alloc&) {
    throw IOError(shown + ": the model needs more memory than there is");
  } catch (const std::length_error&) {
    throw IOError(shown + ": the model needs more memory than there is");
  } catch (const std::exception& error) {
    throw IOError(shown + ": its config is damaged (" + saving::printable(error.what()) + ")");
  }
}

[[noreturn]] void refuse_other(const std::vector<uint8_t>& start) {
  if (saving::is_pickle(start))
    throw IOError(
        "it is a Python pickle, which is code and is never loaded. In Python, load it there and save the model with "
        "model.save(\"m.keras\"), or its weights with numpy.savez.");
  throw IOError("not a zip archive (.keras) and not an HDF5 file (.h5), so it is no model that can be read");
}

std::shared_ptr<Model> load(const std::string& path, const LoadOptions& options) {
  saving::InputFile file(path);
  if (file.format() == saving::InputFile::Format::zip) {
    saving::ZipReader zip(file);
    return saving::read_keras(zip, options);
  }
  std::vector<uint8_t> bytes = file.format() == saving::InputFile::Format::hdf5 ? file.read() : file.read_start();
  if (file.format() != saving::InputFile::Format::hdf5) refuse_other(bytes);
  hdf5::File h5(bytes, file.shown());
  return saving::read_legacy(h5, bytes.size(), options);
}

LoadWeightsReport load(Model& model, const std::string& path, const LoadWeightsOptions& options) {
  saving::InputFile file(path);
  switch (file.format()) {
    case saving::InputFile::Format::zip: {
      saving::ZipReader zip(file);
      if (zip.contains("model.weights.h5")) return saving::read_keras_weights(zip, model, options);
      return saving::read_npz_weights(zip, model, options);
    }
    case saving::InputFile::Format::hdf5: {
      std::vector<uint8_t> bytes = file.read();
      hdf5::File h5(bytes, file.shown());
      if (saving::is_legacy(h5)) return saving::read_legacy_weights(h5, model, options);
      return saving::read_weights_image(h5, model, options);
    }
    default:
      break;
  }
  if (saving::is_safetensors(file.read_start(), file.size())) return saving::read_safetensors_weights(file, model, options);
  refuse_other(file.read_start());
}

void check_built(const Model& model) {
  if (!model.built())
    throw ValueError("The model '" + model.name() +
                     "' is not built yet, so it has no weights to load. Build it with an Input or call it on data first.");
}

}  // namespace

Model load_model(const std::string& path, const LoadOptions& options) {
  return *with_path(path, [&] { return load(path, options); });
}

LoadWeightsReport load_weights(Model& model, const std::string& path, const LoadWeightsOptions& options) {
  check_built(model);
  return with_path(path, [&] { return load(model, path, options); });
}

LoadWeightsReport Model::load_weights(const std::string& path, const LoadWeightsOptions& options) {
  return hornbeam::load_weights(*this, path, options);
}

}  // namespace hornbeam
