// .keras files in and out.
#include "frontend/src/saving/keras_file.h"

#include <algorithm>
#include <ctime>

#include <hornbeam/base/error.h>
#include <hornbeam/optimizers/loss_scale_optimizer.h>
#include <hornbeam/version.h>

#include "frontend/src/model/graph_rebuild.h"
#include "frontend/src/model/model_state.h"
#include "frontend/src/saving/compile_config.h"
#include "frontend/src/saving/hdf5/file.h"
#include "frontend/src/saving/hdf5_writer.h"
#include "frontend/src/saving/json_bounds.h"
#include "frontend/src/saving/loading_scope.h"
#include "frontend/src/saving/model_config.h"
#include "frontend/src/saving/printable.h"
#include "frontend/src/saving/vocabularies.h"
#include "frontend/src/saving/weight_places.h"
#include "frontend/src/saving/weights.h"
#include "frontend/src/saving/zip_writer.h"

namespace hornbeam::saving {
namespace {

constexpr const char* kMetadata = "metadata.json";
constexpr const char* kConfig = "config.json";
constexpr const char* kWeights = "model.weights.h5";
constexpr const char* kKerasVersion = "3.15.1";  // whose format is written
constexpr uint64_t kMostJson = JsonBounds().most_bytes;
constexpr uint64_t kMostPacking = 20;  // times its stored size
constexpr uint64_t kAlwaysRead = 32 << 20;

std::string read_text(ZipReader& zip, const std::string& name) {
  std::vector<uint8_t> bytes = zip.read(name, kMostJson);
  return {bytes.begin(), bytes.end()};
}

// The weights file. Trained numbers hardly compress; one that was packed must not unfold to what the file cannot be.
std::vector<uint8_t> read_weights(ZipReader& zip) {
  uint64_t stored = zip.stored_size(kWeights);
  uint64_t most = stored > UINT64_MAX / kMostPacking ? UINT64_MAX : stored * kMostPacking;
  return zip.read(kWeights, std::max(most, kAlwaysRead));
}

// Refuses what is in the archive beyond the three parts and the layers' assets: it would be lost.
void check_parts(const ZipReader& zip) {
  for (const std::string& name : zip.names()) {
    if (name == kMetadata || name == kConfig || name == kWeights || name.back() == '/') continue;
    if (name.rfind("assets/", 0) == 0) continue;  // read_vocabularies
    if (name.rfind("model.weights", 0) == 0)
      throw NotImplementedError("it keeps its weights in " + printable(name) + "; only " + kWeights + " is read");
    throw IOError("it holds " + printable(name) + ", which is no part of a .keras file");
  }
  if (!zip.contains(kConfig)) throw IOError("it has no config.json, so it is no .keras file");
  if (!zip.contains(kWeights)) throw IOError("it has no model.weights.h5");
}

// The shapes that a model was built with: of one input, a list of them, or one by name.
Shapes build_shapes_of(const Config& config) {
  const Config* build = config.find("build_config");
  if (!build || !build->is_object()) return {};
  const Config* shapes = build->find("input_shape");
  if (const Config* several = build->find("shapes_dict"); several && several->is_object()) {
    std::vector<Shape> list;
    for (const auto& [name, shape] : several->as_object()) list.push_back(shape.as_shape());
    return list.size() == 1 ? Shapes(list[0]) : Shapes(list);
  }
  if (!shapes || shapes->is_null()) return {};
  if (shapes->is_object()) {
    Shapes map;
    for (const auto& [name, shape] : shapes->as_object()) map.set(name, shape.as_shape());
    return map;
  }
  if (shapes->is_array() && !shapes->as_array().empty() && shapes->as_array()[0].is_array()) {
    std::vector<Shape> list;
    for (const Config& shape : shapes->as_array()) list.push_back(shape.as_shape());
    return Shapes(list);
  }
  return Shapes(shapes->as_shape());
}

// A Sequential that was saved without an Input knows its input's shape all the same. A model of a user's own builds its
// layers by calling them, so it is called without data.
void ensure_model_built(const Model& model, const Config& config) {
  if (model.built()) return;
  Shapes shapes = build_shapes_of(config);
  if (shapes.empty()) return;
  model.ensure_built(shapes);
  if (model.model_state()->graph) return;
  try {
    model.compute_output_shape(shapes);
  } catch (const NoCallError&) {  // its steps are its own, and its parts have inputs
  }
}

// A model that was compiled under the policy mixed_float16 has its optimizer in a LossScaleOptimizer, which the config
// does not tell; the four variables more in the file do.
void compile_as_saved(Model& model, const Config& config, const StoredArrays& arrays) {
  model.compile(read_compile_config(config));
  size_t count = 0;
  while (arrays.contains("optimizer/vars/" + std::to_string(count))) ++count;
  if (count <= 4 || dynamic_cast<const optimizers::LossScaleOptimizer*>(&*model.optimizer())) return;
  model.optimizer()->build(model.trainable_weights());
  if (model.optimizer()->variables().size() + 4 != count) return;
  CompileOptions options = read_compile_config(config);
  options.optimizer = optimizers::LossScaleOptimizer(options.optimizer);
  model.compile(std::move(options));
  model.model_state()->scales_loss = true;
}

void write_place(hdf5::Writer& writer, const WeightPlace& place) {
  std::string group = join_path(place.path, "vars");
  writer.attribute(group, "name", place.name);
  for (size_t i = 0; i < place.variables.size(); ++i)
    writer.dataset(group + "/" + std::to_string(i), place.value(i));
  if (!place.vocabulary) return;
  std::vector<float> weights = place.vocabulary->vocabulary_weights();
  if (!weights.empty())
    writer.dataset(group + "/idf_weights", Array::of<float>({static_cast<int64_t>(weights.size())}, std::span<const float>(weights)));
}

// Keras writes these two variables of an optimizer that was never called.
void write_unbuilt_optimizer(hdf5::Writer& writer, const optimizers::Optimizer& optimizer) {
  writer.attribute("optimizer/vars", "name", optimizer.name());
  writer.dataset("optimizer/vars/0", Array::scalar<int32_t>(0));
  if (optimizer.config().at("learning_rate").is_number())
    writer.dataset("optimizer/vars/1", Array::scalar(static_cast<float>(optimizer.learning_rate())));
}

std::string metadata() {
  std::time_t now = std::time(nullptr);
  std::tm parts;
  localtime_r(&now, &parts);
  char date[32];
  std::strftime(date, sizeof(date), "%Y-%m-%d@%H:%M:%S", &parts);
  return Config::object({{"keras_version", kKerasVersion},
                         {"date_saved", std::string(date)},
                         {"hornbeam_version", std::string(version())}})
      .to_json();
}

}  // namespace

std::shared_ptr<Model> make_model(const Config& config, uint64_t most_bytes) {
  LoadingScope scope(most_bytes);
  SharedObjects shared;
  // The object as the registry makes it, which owns its state; a copy of what shared() gives would not.
  auto model = std::dynamic_pointer_cast<Model>(std::static_pointer_cast<Layer>(registry::create(Kind::layer, config)));
  if (!model) throw IOError("its config describes a layer, not a model");
  model->shared();  // keeps the object of the full class (Sequential, a user's own), which a Model's methods call
  ensure_model_built(*model, config);
  return model;
}

std::shared_ptr<Model> read_keras(ZipReader& zip, const LoadOptions& options) {
  check_parts(zip);
  if (zip.contains(kMetadata)) parse_model_config(read_text(zip, kMetadata), kMetadata);
  Config config = parse_model_config(read_text(zip, kConfig), kConfig);
  check_model_class(config);
  config = check_model_config(config);
  std::vector<uint8_t> bytes = read_weights(zip);
  hdf5::File weights(bytes, kWeights);
  std::shared_ptr<Model> model = make_model(config, kMostGrowth * bytes.size());
  const Config* compile = config.find("compile_config");
  bool compiled = options.compile && compile && compile->is_object() && compile->as_object().size() > 0;
  StoredArrays arrays = stored_arrays(weights);
  if (compiled) compile_as_saved(*model, *compile, arrays);
  load_weights(*model, arrays,
               {.optimizer = compiled ? OptimizerState::load : OptimizerState::ignore});
  read_vocabularies(zip, *model);
  return model;
}

LoadWeightsReport read_weights_image(hdf5::File& file, Model& model, const LoadWeightsOptions& options) {
  std::map<std::string, std::string> names;
  if (options.by_name) names = stored_names(file);
  return load_weights(model, stored_arrays(file),
                      {.optimizer = model.compiled() ? OptimizerState::load : OptimizerState::ignore,
                       .skip_mismatch = options.skip_mismatch,
                       .group_names = options.by_name ? &names : nullptr});
}

LoadWeightsReport read_keras_weights(ZipReader& zip, Model& model, const LoadWeightsOptions& options) {
  if (!zip.contains(kWeights)) throw IOError(std::string("it has no ") + kWeights);
  std::vector<uint8_t> bytes = read_weights(zip);
  hdf5::File weights(bytes, kWeights);
  return read_weights_image(weights, model, options);
}

std::string weights_image(const Model& model, bool optimizer) {
  hdf5::Writer writer;
  for (const WeightPlace& place : weight_places(*model.shared())) write_place(writer, place);
  if (optimizer && model.compiled()) {
    if (model.optimizer()->built()) {
      write_place(writer, optimizer_place(*model.optimizer()));
      if (const auto* scaled = dynamic_cast<const optimizers::LossScaleOptimizer*>(&*model.optimizer())) {
        WeightPlace inner = optimizer_place(*scaled->inner_optimizer());  // twice, as in Keras
        inner.path += "/inner_optimizer";
        write_place(writer, inner);
      }
    } else {
      write_unbuilt_optimizer(writer, *model.optimizer());
    }
  }
  std::vector<std::string> tracked = tracked_optimizer_paths(model);
  for (size_t i = 0; optimizer && i < tracked.size(); ++i) {
    WeightPlace place = optimizer_place(*model.tracked_optimizers()[i]);
    place.path = tracked[i];
    if (model.tracked_optimizers()[i]->built()) write_place(writer, place);
    // What was loaded and not used yet.
    auto waiting = model.model_state()->loaded_slots.find(i);
    if (waiting == model.model_state()->loaded_slots.end()) continue;
    for (size_t j = 0; j < waiting->second.size(); ++j)
      writer.dataset(place.path + "/vars/" + std::to_string(j), waiting->second[j]);
  }
  return writer.finish();
}

void write_keras(const Model& model, const std::string& path, const SaveOptions& options) {
  std::shared_ptr<Layer> whole = model.shared();
  SharedLayerIds shared(*whole);
  Config config = whole->serialize();
  if (options.include_optimizer && model.compiled()) config["compile_config"] = model.compile_config();
  std::string config_text = config.to_json();
  std::string metadata_text = metadata();
  std::string weights = weights_image(model, options.include_optimizer);
  auto vocabularies = vocabulary_entries(model);
  std::vector<ZipEntry> entries = {{kMetadata, metadata_text}, {kConfig, config_text}, {kWeights, weights}};
  for (const auto& [name, text] : vocabularies) entries.push_back({name, text});
  AtomicFile file(path, options.overwrite);
  write_zip(file, entries);
  file.commit();
}

}  // namespace hornbeam::saving
