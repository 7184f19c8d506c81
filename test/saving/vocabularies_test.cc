// Vocabularies in assets/: real Keras' files load, what is saved is laid out as Keras does it, and damage is refused.
#include <gtest/gtest.h>
#include <hornbeam/base/strings.h>
#include <hornbeam/input.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/integer_lookup.h>
#include <hornbeam/layers/string_lookup.h>
#include <hornbeam/layers/text_vectorization.h>
#include <hornbeam/runtime/data/npy.h>
#include <hornbeam/saving.h>

#include <fstream>

#include "frontend/src/saving/zip_reader.h"
#include "test/fuzz/stored_zip.h"
#include "test/saving/model_files.h"
#include "test/support/expect_error.h"

namespace hornbeam::saving_test {
namespace {

struct Stored {
  std::vector<Array> x, y;
};

Stored stored(const std::string& name) {
  Stored arrays;
  for (auto& [key, array] : runtime::read_npz(data_path("vocabularies/" + name + ".npz")))
    (key[0] == 'x' ? arrays.x : arrays.y).push_back(array);
  return arrays;
}

std::string file_of(const std::string& name) { return data_path("vocabularies/" + name + ".keras"); }

// name → text of what stands under assets/.
std::map<std::string, std::string> assets(const std::string& path) {
  saving::ZipReader zip(path);
  std::map<std::string, std::string> found;
  for (const std::string& name : zip.names()) {
    if (name.rfind("assets/", 0) != 0 || name.back() == '/') continue;
    std::vector<uint8_t> bytes = zip.read(name, 1 << 20);
    found[name] = {bytes.begin(), bytes.end()};
  }
  return found;
}

class Vocabularies : public testing::TestWithParam<const char*> {};

TEST_P(Vocabularies, OfKerasLoadAndAreSavedAsKerasDoes) {
  Stored arrays = stored(GetParam());
  Model model = load_model(file_of(GetParam()));
  auto expect_outputs = [&](Model& predicting) {
    Arrays y = predicting.predict(as_arrays(arrays.x), {.verbose = 0});
    ASSERT_EQ(y.size(), arrays.y.size());
    for (size_t i = 0; i < y.size(); ++i) expect_close(y[i], arrays.y[i], 2e-5, "y" + std::to_string(i));
  };
  expect_outputs(model);
  TemporaryFolder folder;
  model.save(folder / "again.keras");
  EXPECT_EQ(assets(folder / "again.keras"), assets(file_of(GetParam())));
  EXPECT_FALSE(assets(folder / "again.keras").empty());
  Model again = load_model(folder / "again.keras");
  expect_outputs(again);
}

INSTANTIATE_TEST_SUITE_P(Files, Vocabularies, testing::Values("words_by_weight", "lookups", "nested"),
                         [](const auto& info) { return info.param; });

TEST(Vocabulary, GoesOnTraining) {
  Model model = load_model(file_of("nested"));
  Array x = stored("nested").x[0], y = Array::of<float>({4, 1}, {1, 0, 1, 0});
  double before = model.evaluate(x, y, {.verbose = 0}).at("loss");
  model.fit(x, y, {.epochs = 20, .verbose = 0});
  EXPECT_LT(model.evaluate(x, y, {.verbose = 0}).at("loss"), before);
}

TEST(Vocabulary, OfTheConfigNeedsNoAsset) {
  Tensor text = Input({.shape = {1}, .dtype = DType::string});
  Model model(text, layers::StringLookup({.vocabulary = {{"a", "b"}}})(text));
  TemporaryFolder folder;
  model.save(folder / "m.keras");
  EXPECT_TRUE(assets(folder / "m.keras").empty());
  Model again = load_model(folder / "m.keras");
  EXPECT_EQ(again.predict(strings({"b"}), {.verbose = 0})[0].get_int(0), 2);
}

TEST(Vocabulary, KeepsWhatATextFileCanHold) {
  layers::StringLookup lookup({.name = "lookup"});
  lookup.adapt(strings({"a b", "\xc3\xa9", "\xc2\x85", "\x0c", "x\ty", "a b"}));
  Tensor text = Input({.shape = {1}, .dtype = DType::string});
  Model model(text, lookup(text));
  TemporaryFolder folder;
  model.save(folder / "m.keras");
  Model again = load_model(folder / "m.keras");
  EXPECT_EQ(dynamic_cast<layers::StringLookup&>(*again.get_layer("lookup")).get_vocabulary(), lookup.get_vocabulary());
}

// The file with its assets replaced.
std::string with_assets(const TemporaryFolder& folder, const std::string& name,
                        const std::vector<std::pair<std::string, std::string>>& texts) {
  saving::ZipReader zip(file_of(name));
  std::vector<std::pair<std::string, std::string>> entries = texts;
  for (const char* part : {"config.json", "model.weights.h5"}) {
    std::vector<uint8_t> bytes = zip.read(part, 1 << 24);
    entries.emplace_back(part, std::string(bytes.begin(), bytes.end()));
  }
  std::string path = folder / "changed.keras";
  std::ofstream(path, std::ios::binary) << fuzz::stored_zip(entries);
  return path;
}

TEST(Vocabulary, IsRefusedIfItIsNone) {
  TemporaryFolder folder;
  const std::string words = "assets/layers/text_vectorization/vocabulary.txt";
  EXPECT_ERROR(load_model(with_assets(folder, "words_by_weight", {{words, "[UNK]\nthe\nthe\nfox\ndog\nquick\nlazy"}})),
               IOError, words + ": [StringLookup] The passed vocabulary has at least one repeated term, in line 3");
  EXPECT_ERROR(load_model(with_assets(folder, "words_by_weight", {{words, "[UNK]\nthe\nfox"}})), IOError,
               "was made for a vocabulary of 7 tokens. Received: 3");
  EXPECT_ERROR(load_model(with_assets(folder, "lookups", {{"assets/layers/integer_lookup/vocabulary.txt", "-1\n3\nx"}})),
               IOError, "Line 3 of the vocabulary of layer 'number_lookup' is no integer");
  EXPECT_ERROR(load_model(with_assets(folder, "words_by_weight", {{"assets/layers/dense/vocabulary.txt", "a"}})),
               NotImplementedError, "it holds assets/layers/dense/vocabulary.txt, which no layer of the model has a use for");
  // Without its vocabulary the model loads, and says so when it is used.
  Model model = load_model(with_assets(folder, "nested", {}));
  EXPECT_ERROR(model.predict(strings({"a"}), {.verbose = 0}), ValueError, "Layer 'words' has no vocabulary");
}

}  // namespace
}  // namespace hornbeam::saving_test
