// Whole models that real Keras made and trained (data/keras): they predict, train and evaluate as recorded there. One that
// needs a class which is not there yet is refused by a text that names it, and its test is skipped with that text.
//
//   HORNBEAM_MODELS_TABLE=FILE test_saving --gtest_filter='*KerasModel*:*LegacyModel*'     writes a table (Markdown)
#include <fstream>
#include <map>
#include <optional>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/base/strings.h>
#include <hornbeam/runtime/data/npy.h>
#include <hornbeam/saving.h>

#include "test/saving/model_files.h"

namespace hornbeam::saving_test {
namespace {

// What became of each model, for the table.
class Table : public testing::Environment {
 public:
  static Table& of_all() {
    static auto* table = dynamic_cast<Table*>(testing::AddGlobalTestEnvironment(new Table()));
    return *table;
  }
  void note(const std::string& model, const std::string& what, bool good, const std::string& missing) {
    std::string& row = rows_[model];
    row += (row.empty() ? "" : ", ") + what + (missing.empty() ? (good ? "" : " FAILED") : " missing: " + missing);
  }
  void TearDown() override {
    const char* path = std::getenv("HORNBEAM_MODELS_TABLE");
    if (!path) return;
    std::ofstream table(path);
    table << "| model | as recorded by Keras |\n|---|---|\n";
    for (const auto& [model, row] : rows_) table << "| " << model << " | " << row << " |\n";
  }

 private:
  std::map<std::string, std::string> rows_;
};
Table& table = Table::of_all();

// Notes the running test's result when it ends.
class Note {
 public:
  Note(std::string model, std::string what) : model_(std::move(model)), what_(std::move(what)) {}
  ~Note() {
    if (recorded) table.note(model_, what_, !testing::Test::HasFailure(), missing);
  }
  std::string missing;   // the error's text without the path
  bool recorded = true;  // whether there is something to compare with

 private:
  std::string model_, what_;
};

std::vector<std::string> folders(const std::string& parent) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(data_path("keras/" + parent)))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

// One folder of data/keras.
class Recorded {
 public:
  explicit Recorded(const std::string& folder) : folder_(data_path("keras/" + folder)), info_(read_json(folder_ + "/info.json")) {}

  const nlohmann::json& info() const { return info_; }
  bool has(const std::string& name) const { return std::filesystem::exists(folder_ + "/" + name); }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  // Where Keras' backends disagree, and JAX is the one that is right, its run is recorded instead of TensorFlow's.
  std::string suffix() const { return has("history_jax.json") ? "_jax" : ""; }
  nlohmann::json json(const std::string& name) const { return read_json(path(name + suffix() + ".json")); }
  double rtol(const std::string& key) const { return info_.value(key, 2e-5); }

  // x0, x1, … of a file; the names are a prefix and a number.
  std::vector<Array> arrays(const std::string& file, const std::string& prefix) const {
    std::map<std::string, Array> all;
    for (auto& [name, array] : runtime::read_npz(path(file))) all[name] = array;
    std::vector<Array> found;
    for (auto at = all.find(prefix + "0"); at != all.end(); at = all.find(prefix + std::to_string(found.size())))
      found.push_back(at->second);
    return found;
  }
  // What it predicts on; strings stand in a JSON file.
  std::vector<Array> inputs() const {
    if (has("inputs.npz")) return arrays("inputs.npz", "x");
    std::vector<std::string> texts;
    const nlohmann::json rows = read_json(path("inputs.json")).at("x0");
    for (const nlohmann::json& row : rows)
      for (const nlohmann::json& text : row) texts.push_back(text.get<std::string>());
    return {strings({static_cast<int64_t>(rows.size()), static_cast<int64_t>(rows[0].size())}, texts)};
  }
  std::optional<Array> array(const std::string& file, const std::string& name) const {
    for (auto& [key, array] : runtime::read_npz(path(file)))
      if (key == name) return array;
    return std::nullopt;
  }

 private:
  std::string folder_;
  nlohmann::json info_;
};

// A model of the file; nullopt, and the test skipped, if a class is missing. The text must name what.
std::optional<Model> load_or_skip(const std::string& path, std::string& missing) {
  try {
    return load_model(path);
  } catch (const NotImplementedError& error) {
    missing = std::string(error.what()).substr(path.size() + 2);
    static const std::regex names(
        "(is of class|uses the operation|compiled with the \\w+|has the option) ?\\w*");
    EXPECT_TRUE(std::regex_search(missing, names)) << "the text does not name what is missing: " << missing;
    return std::nullopt;
  }
}

void expect_predictions(const Model& model, const Recorded& recorded, const std::string& outputs, double rtol) {
  Model copy = model;
  Arrays found = copy.predict(as_arrays(recorded.inputs()), {.batch_size = 8, .verbose = 0});
  std::vector<Array> expected = recorded.arrays(outputs + ".npz", "y");
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) expect_close(found[i], expected[i], rtol, outputs + " " + std::to_string(i));
}

class KerasModel : public testing::TestWithParam<std::string> {};

TEST_P(KerasModel, Predicts) {
  Recorded recorded("models/" + GetParam());
  Note note("models/" + GetParam(), "predicts");
  std::optional<Model> model = load_or_skip(recorded.path("model.keras"), note.missing);
  if (!model) GTEST_SKIP() << note.missing;
  expect_predictions(*model, recorded, "outputs", recorded.rtol("predict_rtol"));
}

// History by name, one value an epoch.
void expect_history(const History& found, const nlohmann::json& expected, double rtol) {
  for (const auto& [name, values] : expected.items())
    for (size_t epoch = 0; epoch < values.size(); ++epoch)
      EXPECT_NEAR(found[name].at(epoch), values[epoch].get<double>(), rtol * (1e-3 + std::fabs(values[epoch].get<double>())))
          << name << " in epoch " << epoch;
}

TEST_P(KerasModel, Trains) {
  Recorded recorded("models/" + GetParam());
  Note note("models/" + GetParam(), "trains and evaluates");
  std::optional<Model> model = load_or_skip(recorded.path("model.keras"), note.missing);
  if (!model) GTEST_SKIP() << note.missing;
  if (!recorded.has("train.npz")) {
    note.recorded = false;
    GTEST_SKIP() << "no training is recorded";
  }
  double rtol = recorded.rtol("train_rtol");
  auto train = [&](const std::string& prefix) { return as_arrays(recorded.arrays("train.npz", prefix)); };
  FitOptions options{.epochs = recorded.info().at("epochs"), .batch_size = 8, .verbose = 0, .shuffle = false};
  options.validation_data = {train("vx"), train("vy"), {}};
  if (auto weight = recorded.array("train.npz", "sample_weight")) options.sample_weight = *weight;
  if (const auto& weights = recorded.info().at("class_weight"); weights.is_object())
    for (const auto& [label, weight] : weights.items()) options.class_weight[std::stol(label)] = weight;
  nlohmann::json history = recorded.json("history");
  // Keras' JAX backend loses the mask of predictions in its compiled train step, so that its accuracy there counts the
  // padding (a multiple of 1/259, all 37 * 7 places); its evaluation does not, and neither do we.
  if (GetParam() == "sequence_tagger") history.erase("accuracy");
  expect_history(model->fit(train("x"), train("y"), options), history, rtol);
  Logs evaluated = model->evaluate(train("vx"), train("vy"), {.batch_size = 8, .verbose = 0});
  const nlohmann::json expected = recorded.json("evaluate");
  for (const auto& [name, value] : expected.items())
    EXPECT_NEAR(evaluated.at(name), value.get<double>(), rtol * (1e-3 + std::fabs(value.get<double>()))) << name;
  expect_predictions(*model, recorded, "outputs_after" + recorded.suffix(), rtol);
}

// Weights and optimizer state that Keras saved after training.
TEST_P(KerasModel, TakesTheWeightsAfterTraining) {
  Recorded recorded("models/" + GetParam());
  Note note("models/" + GetParam(), "takes the weights after training");
  std::optional<Model> model = load_or_skip(recorded.path("model.keras"), note.missing);
  if (!model) GTEST_SKIP() << note.missing;
  std::string file = recorded.path("after" + recorded.suffix() + ".weights.h5");
  if (!std::filesystem::exists(file)) {
    note.recorded = false;
    GTEST_SKIP() << "no weights after training are recorded";
  }
  LoadWeightsReport report = model->load_weights(file);
  EXPECT_TRUE(report.skipped.empty());
  expect_predictions(*model, recorded, "outputs_after" + recorded.suffix(), recorded.rtol("predict_rtol"));
  // Saved and loaded again it is the same, and goes on training in step with the one that was not.
  TemporaryFolder folder;
  model->save(folder / "model.keras");
  Model again = load_model(folder / "model.keras");
  expect_same_weights(again, *model);
  expect_same_optimizer(again, *model);
  auto train = [&](const std::string& prefix) { return as_arrays(recorded.arrays("train.npz", prefix)); };
  EvaluateOptions options{.batch_size = 8, .verbose = 0};
  Logs expected = model->evaluate(train("vx"), train("vy"), options);
  Logs found = again.evaluate(train("vx"), train("vy"), options);
  for (const auto& [name, value] : expected) EXPECT_EQ(found.at(name), value) << name;
}

INSTANTIATE_TEST_SUITE_P(Models, KerasModel, testing::ValuesIn(folders("models")), [](const auto& info) { return info.param; });

class LegacyModel : public testing::TestWithParam<std::string> {};

TEST_P(LegacyModel, Predicts) {
  Recorded recorded("legacy_h5/" + GetParam());
  Note note("legacy_h5/" + GetParam(), "predicts");
  std::optional<Model> model = load_or_skip(recorded.path("model.h5"), note.missing);
  if (!model) GTEST_SKIP() << note.missing;
  expect_predictions(*model, recorded, "outputs", 1e-4);
  EXPECT_EQ(model->compiled(), recorded.info().at("compiled").get<bool>());
}

// The weights alone, in Keras 3's layout and in the old one, by order and by name.
TEST_P(LegacyModel, TakesItsWeightsFromOtherFiles) {
  Recorded recorded("legacy_h5/" + GetParam());
  Note note("legacy_h5/" + GetParam(), "takes weights from other files");
  std::optional<Model> model = load_or_skip(recorded.path("model.h5"), note.missing);
  if (!model) GTEST_SKIP() << note.missing;
  std::vector<Array> weights = model->get_weights(), zeros;
  for (const Array& weight : weights) zeros.emplace_back(weight.dtype(), weight.shape());
  for (const std::string name : {"model.weights.h5", "weights_old_layout.h5", "model.h5"}) {
    if (!recorded.has(name)) continue;
    SCOPED_TRACE(name);
    for (bool by_name : {false, true}) {
      if (by_name && name == "model.weights.h5") continue;  // Keras 2 left the names out
      SCOPED_TRACE(by_name ? "by name" : "by order");
      model->set_weights(zeros);
      LoadWeightsReport report = model->load_weights(recorded.path(name), {.by_name = by_name});
      EXPECT_TRUE(report.skipped.empty()) << report.skipped[0];
      std::vector<Array> found = model->get_weights();
      for (size_t i = 0; i < weights.size(); ++i) expect_bytes_equal(found[i], weights[i], model->weights()[i].path());
    }
  }
}

TEST_P(LegacyModel, BecomesAKerasFile) {
  Recorded recorded("legacy_h5/" + GetParam());
  Note note("legacy_h5/" + GetParam(), "becomes a .keras file");
  std::optional<Model> model = load_or_skip(recorded.path("model.h5"), note.missing);
  if (!model) GTEST_SKIP() << note.missing;
  TemporaryFolder folder;
  model->save(folder / "model.keras");
  Model again = load_model(folder / "model.keras");
  expect_same_weights(again, *model);
  expect_predictions(again, recorded, "outputs", 1e-4);
}

INSTANTIATE_TEST_SUITE_P(Models, LegacyModel, testing::ValuesIn(folders("legacy_h5")),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace hornbeam::saving_test
