// load_model: a .keras file is a zip of metadata.json, config.json and model.weights.h5.
#include <new>
#include <stdexcept>

#include <hornbeam/base/error.h>
#include <hornbeam/saving.h>

#include "frontend/src/saving/compile_config.h"
#include "frontend/src/saving/hdf5/file.h"
#include "frontend/src/saving/loading_scope.h"
#include "frontend/src/saving/model_config.h"
#include "frontend/src/saving/printable.h"
#include "frontend/src/saving/weights.h"
#include "frontend/src/saving/zip_reader.h"

namespace hornbeam {
namespace {

constexpr const char* kMetadata = "metadata.json";
constexpr const char* kConfig = "config.json";
constexpr const char* kWeights = "model.weights.h5";
constexpr size_t kMostErrorText = 1000;  // an error may quote what it found in the file
constexpr uint64_t kMostJson = 64 << 20;
// Variables take at most this many times the weights file's bytes: 16-bit arrays may fill 32-bit variables.
constexpr uint64_t kMostGrowth = 4;

std::string read_text(saving::ZipReader& zip, const std::string& name) {
  std::vector<uint8_t> bytes = zip.read(name, kMostJson);
  return {bytes.begin(), bytes.end()};
}

// Refuses what is in the archive beyond the three parts: it would be lost.
void check_parts(const saving::ZipReader& zip) {
  for (const std::string& name : zip.names()) {
    if (name == kMetadata || name == kConfig || name == kWeights || name.back() == '/') continue;
    if (name.rfind("assets/", 0) == 0)
      throw NotImplementedError("it holds " + saving::printable(name) + ": layers with a vocabulary are not there yet");
    if (name.rfind("model.weights", 0) == 0)
      throw NotImplementedError("it keeps its weights in " + saving::printable(name) + "; only " + kWeights +
                                " is read");
    throw IOError("it holds " + saving::printable(name) + ", which is no part of a .keras file");
  }
  if (!zip.contains(kConfig)) throw IOError("it has no config.json, so it is no .keras file");
  if (!zip.contains(kWeights)) throw IOError("it has no model.weights.h5");
}

// A Sequential that was saved without an Input knows its input's shape all the same.
void ensure_model_built(const Model& model, const Config& config) {
  if (model.built()) return;
  const Config* build = config.find("build_config");
  const Config* shape = build ? build->find("input_shape") : nullptr;
  if (shape && shape->is_array()) model.ensure_built(shape->as_shape());
}

std::shared_ptr<Model> make_model(const Config& config, uint64_t most_bytes) {
  saving::LoadingScope scope(most_bytes);
  // The object as the registry makes it, which owns its state; a copy of what shared() gives would not.
  auto model = std::dynamic_pointer_cast<Model>(std::static_pointer_cast<Layer>(registry::create(Kind::layer, config)));
  if (!model) throw IOError("its config describes a layer, not a model");
  model->shared();  // keeps the object of the full class (Sequential, a user's own), which a Model's methods call
  ensure_model_built(*model, config);
  return model;
}

Model load(const std::string& path, const LoadOptions& options) {
  saving::ZipReader zip(path);
  check_parts(zip);
  if (zip.contains(kMetadata)) saving::parse_model_config(read_text(zip, kMetadata), kMetadata);
  Config config = saving::check_model_config(saving::parse_model_config(read_text(zip, kConfig), kConfig));
  std::vector<uint8_t> bytes = zip.read(kWeights, UINT64_MAX);
  hdf5::File weights(bytes, kWeights);
  std::shared_ptr<Model> model = make_model(config, kMostGrowth * bytes.size());
  const Config* compile = config.find("compile_config");
  bool compiled = options.compile && compile && compile->is_object() && compile->as_object().size() > 0;
  if (compiled) model->compile(saving::read_compile_config(*compile));
  saving::load_weights(*model, config, weights, compiled);
  return *model;
}

}  // namespace

Model load_model(const std::string& path, const LoadOptions& options) {
  std::string shown = saving::printable(path);
  auto named = [&](const std::string& text) {
    std::string line = saving::printable(text, kMostErrorText);
    return line.rfind(shown, 0) == 0 ? line : shown + ": " + line;
  };
  try {
    return load(path, options);
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

}  // namespace hornbeam
