// Model::save and save_weights: every format gives the same model back, and a .keras file has Keras' layout.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/input.h>
#include <hornbeam/layers/batch_normalization.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/losses/mean_squared_error.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/saving.h>
#include <hornbeam/sequential.h>

#include "frontend/src/saving/zip_reader.h"
#include "test/saving/model_files.h"

namespace hornbeam::saving_test {
namespace {

using testing::HasSubstr;

const std::vector<std::string>& keras_models() {
  static const std::vector<std::string> names = {
      "untrained_functional", "trained_adam", "sequential_without_input", "shared_and_merged", "nested", "cnn",
      "residual",             "two_outputs",  "dict_outputs",             "schedule",          "frozen", "bfloat16_variables"};
  return names;
}

Model keras_model(const std::string& name) { return load_model(data_path("models/" + name + ".keras")); }

// Every group, dataset and attribute "name" of a weights file, as lines.
std::vector<std::string> listing(std::span<const uint8_t> bytes) {
  std::vector<std::string> lines;
  hdf5::File file(bytes, "listing");
  walk(file, [&](const hdf5::Object& object) {
    std::string line = object.path();
    if (object.is_dataset()) line += " " + object.shape().to_string();
    if (auto name = object.attribute_strings("name")) line += " name=" + name->at(0);
    // Keras' JAX backend counts steps in int32, TensorFlow's in int64.
    if (object.is_dataset() && !object.shape().empty()) line += " " + std::string(name_of(object.dtype()));
    lines.push_back(line);
  });
  std::sort(lines.begin(), lines.end());
  return lines;
}

class SavedKerasModel : public testing::TestWithParam<std::string> {};

TEST_P(SavedKerasModel, HasKerasParts) {
  TemporaryFolder folder;
  std::string path = folder / "model.keras";
  keras_model(GetParam()).save(path);
  saving::ZipReader ours(path), keras(data_path("models/" + GetParam() + ".keras"));
  EXPECT_EQ(ours.names(), keras.names());
  EXPECT_EQ(listing(ours.read("model.weights.h5", 1 << 24)), listing(keras.read("model.weights.h5", 1 << 24)));
}

// What the model says of itself, compared with what Keras said: all that Keras wrote and that makes a difference.
void expect_contains(const nlohmann::json& ours, const nlohmann::json& keras, const std::string& at) {
  static const std::set<std::string> kNoMatter = {"shared_object_id", "quantization_config", "optional", "registered_name",
                                                  "jit_compile",      "input_axes",          "output_axes"};
  if (keras.is_object()) {
    // {"class_name": …, "config": …} may stand for a name, and the other way round.
    if (!ours.is_object()) {
      EXPECT_EQ(ours, keras.value("class_name", nlohmann::json())) << at;
      return;
    }
    for (const auto& [key, value] : keras.items()) {
      if (kNoMatter.count(key) || (value.is_null() && !ours.contains(key))) continue;
      if (key == "compile_config" && value.empty()) continue;
      ASSERT_TRUE(ours.contains(key)) << at << "/" << key;
      expect_contains(ours[key], value, at + "/" + key);
    }
  } else if (keras.is_array()) {
    ASSERT_EQ(ours.size(), keras.size()) << at;
    for (size_t i = 0; i < keras.size(); ++i) expect_contains(ours[i], keras[i], at + "/" + std::to_string(i));
  } else if (keras.is_number_float()) {
    EXPECT_FLOAT_EQ(ours.get<double>(), keras.get<double>()) << at;
  } else if (!(ours.is_object() && keras.is_string())) {
    EXPECT_EQ(ours, keras) << at;
  }
}

TEST_P(SavedKerasModel, HasKerasConfig) {
  TemporaryFolder folder;
  std::string path = folder / "model.keras";
  keras_model(GetParam()).save(path);
  auto config = [](const std::string& file) {
    saving::ZipReader zip(file);
    return nlohmann::json::parse(zip.read("config.json", 1 << 24));
  };
  expect_contains(config(path), config(data_path("models/" + GetParam() + ".keras")), "");
}

TEST_P(SavedKerasModel, ComesBackTheSame) {
  TemporaryFolder folder;
  const Model model = keras_model(GetParam());
  model.save(folder / "model.keras");
  const Model again = load_model(folder / "model.keras");
  expect_same_weights(again, model);
  EXPECT_EQ(again.shared()->serialize().to_json(), model.shared()->serialize().to_json());
  EXPECT_EQ(again.compiled(), model.compiled());
  if (model.compiled()) {
    EXPECT_EQ(again.compile_config().to_json(), model.compile_config().to_json());
    if (model.optimizer()->built()) expect_same_optimizer(again, model);
  }
}

TEST_P(SavedKerasModel, ComesBackFromTheOldFormat) {
  TemporaryFolder folder;
  const Model model = keras_model(GetParam());
  model.save(folder / "model.h5");
  const Model again = load_model(folder / "model.h5");
  expect_same_weights(again, model);
  EXPECT_EQ(again.compiled(), model.compiled());
  if (model.compiled() && model.optimizer()->built()) expect_same_optimizer(again, model);
}

// Every weight changed, to be brought back by a file.
void disturb(Model& model) {
  std::vector<Array> values = model.get_weights();
  for (Array& value : values) {
    Array changed(value.dtype(), value.shape());
    for (int64_t i = 0; i < changed.num_elements(); ++i) changed.set(i, 0.25 + value.get(i));
    value = changed;
  }
  model.set_weights(values);
}

TEST_P(SavedKerasModel, WeightsComeBackFromEveryFormat) {
  TemporaryFolder folder;
  const Model model = keras_model(GetParam());
  for (const std::string ending : {"w.weights.h5", "w.safetensors", "w.npz", "w.h5", "m.keras"}) {
    if (GetParam() == "bfloat16_variables" && ending == "w.npz") continue;  // NumPy has no bfloat16
    SCOPED_TRACE(ending);
    if (ending == "m.keras")
      model.save(folder / ending);
    else
      model.save_weights(folder / ending);
    Model other = keras_model(GetParam());
    disturb(other);
    LoadWeightsReport report = other.load_weights(folder / ending);
    EXPECT_TRUE(report.skipped.empty());
    EXPECT_GE(report.loaded, static_cast<int64_t>(model.weights().size()));
    expect_same_weights(other, model);
  }
}

INSTANTIATE_TEST_SUITE_P(Models, SavedKerasModel, testing::ValuesIn(keras_models()),
                         [](const auto& info) { return info.param; });

Sequential small_model(int64_t units = 3) {
  return Sequential({Input({4}), layers::Dense({.units = units, .name = "first"}),
                     layers::BatchNormalization({.name = "norm"}), layers::Dense({.units = 2, .name = "last"})},
                    "small");
}

TEST(Save, EqualModelsGiveEqualWeightsFiles) {
  TemporaryFolder folder;
  Sequential model = small_model();
  for (const std::string ending : {".weights.h5", ".safetensors", ".npz", ".h5"}) {
    model.save_weights(folder / ("a" + ending));
    model.save_weights(folder / ("b" + ending));
    EXPECT_EQ(read_file(folder / ("a" + ending)), read_file(folder / ("b" + ending))) << ending;
  }
}

TEST(Save, LeavesNothingBeside) {
  TemporaryFolder folder;
  small_model().save(folder / "model.keras");
  EXPECT_THAT(folder.names(), testing::ElementsAre("model.keras"));
}

TEST(Save, FollowsALink) {
  TemporaryFolder folder;
  std::ofstream(folder / "real.keras") << "old";
  std::filesystem::create_symlink("real.keras", folder / "link.keras");
  small_model().save(folder / "link.keras");
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link.keras"));
  EXPECT_NO_THROW(load_model(folder / "real.keras"));
}

TEST(Save, KeepsAFileThatIsNotToBeOverwritten) {
  TemporaryFolder folder;
  std::ofstream(folder / "model.keras") << "old";
  EXPECT_THROW(small_model().save(folder / "model.keras", {.overwrite = false}), IOError);
  EXPECT_EQ(read_file(folder / "model.keras").size(), 3u);
  EXPECT_NO_THROW(small_model().save(folder / "other.keras", {.overwrite = false}));
  EXPECT_NO_THROW(load_model(folder / "other.keras"));
}

TEST(Save, OtherEndingsAreRefused) {
  EXPECT_THROW(small_model().save("model.pkl"), ValueError);
  EXPECT_THROW(small_model().save("model.weights.h5"), ValueError);
  EXPECT_THROW(small_model().save_weights("model.keras"), ValueError);
}

TEST(Save, FoldersThatAreNotThereAreNamed) {
  try {
    small_model().save("/absent/folder/model.keras");
    FAIL() << "was saved";
  } catch (const IOError& error) {
    EXPECT_THAT(error.what(), HasSubstr("Cannot write '/absent/folder/model.keras': No such file"));
  }
}

TEST(Save, WithoutTheOptimizer) {
  TemporaryFolder folder;
  Model model = keras_model("trained_adam");
  for (const std::string name : {"model.keras", "model.h5"}) {
    model.save(folder / name, {.include_optimizer = false});
    EXPECT_FALSE(load_model(folder / name).compiled()) << name;
  }
}

TEST(LoadWeights, ByNameTakesWhatHasTheName) {
  TemporaryFolder folder;
  Sequential source = small_model();
  Sequential target({Input({4}), layers::Dense({.units = 3, .name = "first"}), layers::Dense({.units = 5, .name = "new"})});
  for (const std::string name : {"w.h5", "w.weights.h5"}) {
    SCOPED_TRACE(name);
    source.save_weights(folder / name);
    disturb(target);
    LoadWeightsReport report = target.load_weights(folder / name, {.by_name = true});
    EXPECT_EQ(report.loaded, 2);
    EXPECT_THAT(report.skipped, testing::Contains(HasSubstr("Layer 'new' is not in the file")));
    expect_bytes_equal(target.get_layer("first")->get_weights()[0], source.get_layer("first")->get_weights()[0], "kernel");
  }
  source.save_weights(folder / "w.npz");
  EXPECT_THROW(target.load_weights(folder / "w.npz", {.by_name = true}), IOError);
}

TEST(LoadWeights, MismatchesAreRefusedOrSkipped) {
  TemporaryFolder folder;
  Sequential source = small_model(), wider = small_model(7);
  for (const std::string name : {"w.h5", "w.weights.h5", "w.safetensors", "w.npz"}) {
    SCOPED_TRACE(name);
    source.save_weights(folder / name);
    disturb(wider);
    std::vector<Array> before = wider.get_weights();
    EXPECT_THROW(wider.load_weights(folder / name), IOError);
    std::vector<Array> after = wider.get_weights();
    for (size_t i = 0; i < before.size(); ++i) expect_bytes_equal(after[i], before[i], "nothing is changed");
    LoadWeightsReport report = wider.load_weights(folder / name, {.skip_mismatch = true});
    EXPECT_THAT(report.skipped, testing::Contains(HasSubstr("has shape (4, 7), but ")));
    EXPECT_EQ(report.skipped.size(), 3u);  // the last layer's kernel has another shape, too
    EXPECT_EQ(report.loaded, 0);
  }
}

TEST(LoadWeights, ModelsThatAreNotBuiltHaveNone) {
  Sequential model({layers::Dense({.units = 2})});
  EXPECT_THROW(model.load_weights(data_path("models/trained_adam.keras")), ValueError);
  EXPECT_THROW(model.save_weights("w.weights.h5"), ValueError);
}

TEST(LoadWeights, NumpyListsGoByOrder) {
  Model model = keras_model("trained_adam");
  disturb(model);
  // numpy.savez(path, *model.get_weights()), made with the model by make_models.py.
  model.load_weights(data_path("models/trained_adam_weights.npz"));
  expect_same_weights(model, keras_model("trained_adam"));
}

// Keras takes numbers alone.
TEST(Save, StepsPerExecutionIsANumber) {
  TemporaryFolder folder;
  for (StepsPerExecution steps : {StepsPerExecution("auto"), StepsPerExecution(8)}) {
    Sequential model = small_model();
    model.compile({.loss = losses::MeanSquaredError(), .steps_per_execution = steps});
    model.save(folder / "model.keras");
    StepsPerExecution saved = load_model(folder / "model.keras").compile_options().steps_per_execution;
    EXPECT_FALSE(saved.is_auto());
    EXPECT_EQ(saved.steps(), steps.is_auto() ? 1 : 8);
  }
}

TEST(Save, TrainingGoesOnAsIfNeverInterrupted) {
  TemporaryFolder folder;
  Array x(DType::float32, {24, 4}), y(DType::float32, {24, 2});
  for (int64_t i = 0; i < x.num_elements(); ++i) x.set(i, std::sin(i * 1.7));
  for (int64_t i = 0; i < y.num_elements(); ++i) y.set(i, std::cos(i * 0.9));
  for (const std::string name : {"model.keras", "model.h5"}) {
    SCOPED_TRACE(name);
    Sequential model = small_model();
    model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.01}), .loss = losses::MeanSquaredError()});
    FitOptions options{.epochs = 2, .batch_size = 8, .verbose = 0, .shuffle = false};
    model.fit(x, y, options);
    model.save(folder / name);
    Model again = load_model(folder / name);
    History expected = model.fit(x, y, options), found = again.fit(x, y, options);
    EXPECT_EQ(found["loss"], expected["loss"]);
    expect_same_weights(again, model);
    expect_same_optimizer(again, model);
  }
}

}  // namespace
}  // namespace hornbeam::saving_test
