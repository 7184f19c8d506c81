// Models with strings through the executable: texts from .csv, .npy and .npz files, packages, and what cannot be compiled.
#include <fstream>
#include <map>

#include <gtest/gtest.h>
#include <hornbeam/base/strings.h>
#include <hornbeam/runtime/data/npy.h>
#include <nlohmann/json.hpp>

#include "test/cli/cli_support.h"

namespace hornbeam::cli_test {
namespace {

using nlohmann::json;

// A model of texts (batch, 1) that real Keras saved, compiled, with its vocabulary in assets/.
const std::string kModel = std::string(HORNBEAM_TEST_DATA) + "/saving/data/vocabularies/nested.keras";
// One of strings and integers.
const std::string kLookups = std::string(HORNBEAM_TEST_DATA) + "/saving/data/vocabularies/lookups.keras";

std::map<std::string, Array> stored(const std::string& name) {
  std::map<std::string, Array> found;
  for (auto& [key, array] : runtime::read_npz(std::string(HORNBEAM_TEST_DATA) + "/saving/data/vocabularies/" + name + ".npz"))
    found[key] = array;
  return found;
}

void write(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

void expect_predictions(const std::string& command, const Array& expected) {
  const Outcome outcome = run(command + " --json");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json outputs = json::parse(outcome.out);
  const json& rows = outputs.begin().value();
  ASSERT_EQ(static_cast<int64_t>(rows.size()), expected.shape()[0]);
  for (int64_t row = 0; row < expected.shape()[0]; ++row)
    for (int64_t i = 0; i < expected.shape()[1]; ++i)
      EXPECT_NEAR(rows.at(static_cast<size_t>(row)).at(static_cast<size_t>(i)).get<double>(),
                  expected.get(row * expected.shape()[1] + i), 1e-5);
}

TEST(TextCli, PredictsFromEveryKindOfFile) {
  Folder folder;
  Array expected = stored("nested").at("y0"), texts = stored("nested").at("x0");
  write(folder / "t.csv", "text\nthe quick fox\n\"The dog; the FOX!\"\nlazy dog \xc3\xa9t\xc3\xa9\n\"\"\n");
  expect_predictions("predict " + kModel + " --input " + (folder / "t.csv"), expected);
  runtime::write_npy(folder / "t.npy", texts);
  expect_predictions("predict " + kModel + " --input " + (folder / "t.npy"), expected);
  runtime::write_npz(folder / "t.npz", {{"x", texts.reshaped({4})}});
  expect_predictions("predict " + kModel + " --input " + (folder / "t.npz"), expected);
  write(folder / "pets.csv", "a,number\ncat,3\n");
  expect_failure("predict " + kLookups + " --input " + (folder / "pets.csv"), 1, "no column is named 'pets'");
}

TEST(TextCli, TrainsOnATextColumn) {
  Folder folder;
  write(folder / "t.csv", "label,text\n1,the quick fox\n0,\"lazy dog, bad dog\"\n1,a quick one\n0,lazy\n");
  Outcome outcome = run("fit " + kModel + " --data " + (folder / "t.csv") + " --target label --epochs 60 --learning-rate 0.1 --seed 1 --quiet --output " +
                        (folder / "out.keras"));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  outcome = run("evaluate " + (folder / "out.keras") + " --data " + (folder / "t.csv") + " --target label --json");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(json::parse(outcome.out).at("accuracy"), 1.0);
  write(folder / "bad.csv", "label,text\ngood,the quick fox\n");
  expect_failure("evaluate " + kModel + " --data " + (folder / "bad.csv") + " --target label", 1,
                 "column 'label', row 1: a number was expected. Received: \"good\"");
}

TEST(TextCli, APackageTakesStringsAndNothingElseDoes) {
  Folder folder;
  auto arrays = stored("nested");
  runtime::write_npz(folder / "t.npz", {{"x0", arrays.at("x0")}});
  Outcome outcome = run("compile " + kModel + " --emit package --batch-size 8 --output " + (folder / "m.hbp"));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  expect_predictions("predict --program " + (folder / "m.hbp") + " --input " + (folder / "t.npz"), arrays.at("y0"));
  for (const char* emit : {"obj", "static-lib", "shared-lib", "exe", "wasm"})
    expect_failure("compile " + kModel + " --emit " + emit + " --batch-size 8 --output " + (folder / "m.out"), 1,
                   "has layers that run on the host (strings)");
  EXPECT_EQ(folder.files(), (std::vector<std::string>{"m.hbp", "m.safetensors", "t.npz"}));
}

TEST(TextCli, SaysWhatIsNoText) {
  Folder folder;
  runtime::write_npy(folder / "n.npy", Array(DType::float32, {2, 1}));
  expect_failure("predict " + kModel + " --input " + (folder / "n.npy"), 1, "An array of strings was expected");
}

}  // namespace
}  // namespace hornbeam::cli_test
