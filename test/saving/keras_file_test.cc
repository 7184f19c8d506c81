// load_model on files that real Keras wrote (data/make_models.py): weights, predictions and optimizer state are Keras'.
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/runtime/data/npy.h>
#include <hornbeam/saving.h>
#include <nlohmann/json.hpp>

#include "frontend/src/saving/zip_reader.h"
#include "test/fuzz/stored_zip.h"
#include "test/saving/hdf5_files.h"
#include "test/support/temporary_folder.h"

namespace hornbeam::saving_test {
namespace {

using testing::HasSubstr;

std::string model_path(const std::string& name) { return data_path("models/" + name + ".keras"); }

// What make_models.py stored beside a model: lists of arrays, each by a letter.
class Expected {
 public:
  explicit Expected(const std::string& name) {
    for (auto& [key, array] : runtime::read_npz(data_path("models/" + name + ".npz"))) arrays_[key] = array;
  }
  std::vector<Array> list(char kind) const {
    std::vector<Array> found;
    for (auto at = arrays_.find(kind + std::string("0")); at != arrays_.end();
         at = arrays_.find(kind + std::to_string(found.size())))
      found.push_back(at->second);
    return found;
  }

 private:
  std::map<std::string, Array> arrays_;
};

void expect_equal(const Array& found, const Array& expected, const std::string& what) {
  ASSERT_EQ(found.shape(), expected.shape()) << what;
  for (int64_t i = 0; i < found.num_elements(); ++i)
    ASSERT_EQ(static_cast<float>(found.get(i)), static_cast<float>(expected.get(i))) << what << " at " << i;
}

void expect_near(const Array& found, const Array& expected, double tolerance, const std::string& what) {
  ASSERT_EQ(found.shape(), expected.shape()) << what;
  for (int64_t i = 0; i < found.num_elements(); ++i)
    ASSERT_NEAR(found.get(i), expected.get(i), tolerance * (1e-1 + std::abs(expected.get(i)))) << what << " at " << i;
}

Arrays as_arrays(std::vector<Array> arrays) {
  return arrays.size() == 1 ? Arrays(arrays[0]) : Arrays(std::move(arrays));
}

class KerasFile : public testing::TestWithParam<std::string> {};

TEST_P(KerasFile, HasKerasWeights) {
  Model model = load_model(model_path(GetParam()));
  std::vector<Array> expected = Expected(GetParam()).list('w');
  std::vector<Array> found = model.get_weights();
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i) expect_equal(found[i], expected[i], model.weights()[i].path());
}

TEST_P(KerasFile, PredictsAsKeras) {
  Model model = load_model(model_path(GetParam()));
  Expected expected(GetParam());
  Arrays found = model.predict(as_arrays(expected.list('x')), {.verbose = 0});
  std::vector<Array> outputs = expected.list('y');
  ASSERT_EQ(found.size(), outputs.size());
  bool narrow = GetParam() == "bfloat16_variables" || GetParam() == "scaled_loss";
  double tolerance = narrow ? 2e-2 : 2e-5;
  for (size_t i = 0; i < outputs.size(); ++i)
    expect_near(found[i], outputs[i], tolerance, "output " + std::to_string(i));
}

class TrainedKerasFile : public testing::TestWithParam<std::string> {};

TEST_P(TrainedKerasFile, HasKerasOptimizerState) {
  std::vector<Array> expected = Expected(GetParam()).list('o');
  Model model = load_model(model_path(GetParam()));
  ASSERT_TRUE(model.compiled());
  std::vector<Variable> found = model.optimizer()->variables();
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i) expect_equal(found[i].value(), expected[i], found[i].path());
}

INSTANTIATE_TEST_SUITE_P(Models, KerasFile,
                         testing::Values("untrained_functional", "trained_adam", "sequential_without_input",
                                         "shared_and_merged", "nested", "cnn", "residual", "two_outputs",
                                         "dict_outputs", "schedule", "frozen", "bfloat16_variables", "layers_as_activations",
                                         "stacked_cells", "scaled_loss"),
                         [](const auto& info) { return info.param; });

TEST_P(TrainedKerasFile, GoesOnTrainingAsKeras) {
  Model model = load_model(model_path(GetParam()));
  Expected expected(GetParam());
  History history = model.fit(as_arrays(expected.list('x')), as_arrays(expected.list('t')),
                              {.batch_size = 4, .verbose = 0, .shuffle = false});
  EXPECT_NEAR(history["loss"].at(0), expected.list('h')[0].get(0), GetParam() == "scaled_loss" ? 2e-3 : 1e-4);
  std::vector<Array> weights = model.get_weights(), after = expected.list('a');
  ASSERT_EQ(weights.size(), after.size());
  for (size_t i = 0; i < after.size(); ++i) expect_near(weights[i], after[i], GetParam() == "scaled_loss" ? 2e-2 : 2e-4, model.weights()[i].path());
}

INSTANTIATE_TEST_SUITE_P(Models, TrainedKerasFile,
                         testing::Values("trained_adam", "cnn", "residual", "two_outputs", "schedule", "frozen",
                                         "layers_as_activations", "stacked_cells", "scaled_loss"),
                         [](const auto& info) { return info.param; });

// A file of Keras holds a weight with its adaptation added. So does one of ours, in every format.
TEST(AdaptedKerasFile, HoldsTheSum) {
  Model model = load_model(model_path("adapted"));
  Expected expected("adapted");
  Arrays x = as_arrays(expected.list('x'));
  expect_near(model.predict(x, {.verbose = 0})[0], expected.list('y')[0], 2e-5, "loaded");
  for (const Variable& variable : model.weights())  // as if it had been trained on
    if (variable.name().starts_with("lora_")) {
      Array value(DType::float32, variable.shape());
      for (int64_t i = 0; i < value.num_elements(); ++i) value.set(i, std::cos(i));
      variable.assign(Tensor(value));
    }
  Array trained = model.predict(x, {.verbose = 0})[0];
  test::TemporaryFolder folder;
  for (const char* name : {"m.keras", "m.weights.h5", "m.safetensors", "m.npz"}) {
    SCOPED_TRACE(name);
    Model other = load_model(model_path("adapted"));
    if (std::string(name) == "m.keras") {
      model.save(folder / name);
      other = load_model(folder / name);
    } else {
      model.save_weights(folder / name);
      other.load_weights(folder / name);
    }
    expect_near(other.predict(x, {.verbose = 0})[0], trained, 2e-5, "saved and loaded");
    EXPECT_EQ(other.weights().size(), model.weights().size());
  }
}

TEST(KerasFileCompileConfig, IsWhatTheFileSays) {
  Model model = load_model(model_path("trained_adam"));
  const CompileOptions& options = model.compile_options();
  EXPECT_EQ(options.optimizer.config().at("class_name").as_string(), "Adam");
  EXPECT_EQ(options.steps_per_execution.steps(), 2);
  EXPECT_FLOAT_EQ(model.optimizer()->learning_rate(), 0.01);
  EXPECT_EQ(options.loss.single().config().at("class_name").as_string(), "SparseCategoricalCrossentropy");
  EXPECT_FALSE(load_model(model_path("sequential_without_input")).compiled());
  EXPECT_FALSE(load_model(model_path("trained_adam"), {.compile = false}).compiled());
}

TEST(KerasFileCompileConfig, NamesOutputsInDictionaries) {
  const Model model = load_model(model_path("dict_outputs"));
  const CompileOptions& options = model.compile_options();
  EXPECT_THAT(options.loss.keys(), testing::ElementsAre("cls", "reg"));
  EXPECT_DOUBLE_EQ(*options.loss_weights.find("reg"), 2.0);
  EXPECT_THAT(options.metrics.names(), testing::ElementsAre("cls", "reg"));
}

TEST(KerasFileCompileConfig, KeepsOrderedLists) {
  const Model model = load_model(model_path("two_outputs"));
  const CompileOptions& options = model.compile_options();
  EXPECT_EQ(options.loss.size(), 2u);
  EXPECT_TRUE(options.metrics.by_order());
  EXPECT_DOUBLE_EQ(options.loss_weights[1], 0.5);
}

template <class Error>
std::string refusal(const std::string& name, LoadOptions options = {}) {
  try {
    load_model(name, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "was loaded";
}

TEST(KerasFileRefusals, LambdaSaysHowToReplaceIt) {
  std::string text = refusal<IOError>(model_path("refused_lambda"));
  EXPECT_THAT(text, HasSubstr("Lambda layer 'double'"));
  EXPECT_THAT(text, HasSubstr("hornbeam::register_layer"));
  EXPECT_THAT(text, HasSubstr("refused_lambda.keras"));
}

// A sound archive of a model's parts, its config changed; removed when it goes.
class ChangedModel {
 public:
  ChangedModel(const std::string& name, const std::function<void(nlohmann::ordered_json&)>& change)
      : path_(testing::TempDir() + "/hornbeam_changed_" + std::to_string(getpid()) + ".keras") {
    saving::ZipReader zip(model_path(name));
    auto config = nlohmann::ordered_json::parse(zip.read("config.json", 1 << 24));
    change(config);
    auto weights = zip.read("model.weights.h5", 1 << 24);
    std::ofstream(path_, std::ios::binary) << fuzz::stored_zip(
        {{"config.json", config.dump()}, {"model.weights.h5", std::string(weights.begin(), weights.end())}});
  }
  ~ChangedModel() { std::remove(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(KerasFileRefusals, UnknownClassesAreNamed) {
  ChangedModel layer("trained_adam", [](auto& config) {
    config["config"]["layers"][1]["class_name"] = "Mystery";
    config["config"]["layers"][1]["config"]["name"] = "riddle";
  });
  EXPECT_THAT(refusal<NotImplementedError>(layer.path()), HasSubstr("Layer 'riddle' is of class Mystery"));
  ChangedModel optimizer("trained_adam",
                         [](auto& config) { config["compile_config"]["optimizer"]["class_name"] = "Mystery"; });
  EXPECT_THAT(refusal<NotImplementedError>(optimizer.path()), HasSubstr("optimizer Mystery"));
  EXPECT_NO_THROW(load_model(optimizer.path(), {.compile = false}));
}

TEST(KerasFile, OperationsAreNotTakenForLayers) {
  // keras.ops' Add stands among the layers, by the same name as the layer Add.
  const Model model = load_model(model_path("operation"));
  std::vector<std::string> modules;
  const Config config = model.shared()->config();
  for (const Config& entry : config.at("layers").as_array())
    if (entry.at("class_name").as_string() == "Add") modules.push_back(entry.at("module").as_string());
  EXPECT_THAT(modules, testing::ElementsAre("keras.src.ops.numpy", "keras.layers"));
  EXPECT_EQ(model.layers().size(), 3u);
}

TEST(KerasFileRefusals, VariablesThatTheFileCannotFillTakeNoMemory) {
  ChangedModel model("trained_adam", [](auto& config) { config["config"]["layers"][1]["config"]["units"] = 1000000; });
  EXPECT_THAT(refusal<IOError>(model.path()),
              HasSubstr("of shape (9, 1000000), which is more than the weights file holds"));
}

TEST(KerasFileRefusals, WeightsAreNotDroppedWithoutAWord) {
  ChangedModel model("sequential_without_input", [](auto& config) { config["config"]["layers"].erase(2); });
  EXPECT_THAT(refusal<IOError>(model.path()),
              HasSubstr("holds /layers/dense_1/vars/0, for which the model has no variable"));
}

TEST(KerasFileRefusals, DtypesMustExist) {
  ChangedModel model("trained_adam",
                     [](auto& config) { config["config"]["layers"][0]["config"]["dtype"] = "flaot32"; });
  EXPECT_THAT(refusal<IOError>(model.path()), HasSubstr("Unknown dtype 'flaot32'"));
}

TEST(KerasFileRefusals, ShapesMustAgree) {
  ChangedModel model("sequential_without_input",
                     [](auto& config) { config["config"]["layers"][1]["config"]["units"] = 7; });
  EXPECT_THAT(refusal<IOError>(model.path()), HasSubstr("Layer 'first': variable "));
}

TEST(KerasFileRefusals, OtherFilesAreNoModels) {
  EXPECT_THAT(refusal<IOError>(data_path("models/absent.keras")), HasSubstr("not found"));
  EXPECT_THAT(refusal<IOError>(data_path("hdf5/types.h5")), HasSubstr("weights alone, no model"));
  EXPECT_THAT(refusal<IOError>(data_path("zip/zeros.zip")), HasSubstr("no part of a .keras file"));
}

}  // namespace
}  // namespace hornbeam::saving_test
