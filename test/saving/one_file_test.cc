// Loading opens exactly one file, its own: watched from outside, with strace.
#include <cstdlib>
#include <fstream>
#include <optional>
#include <regex>

#include <gtest/gtest.h>
#include <hornbeam/saving.h>

#include "test/saving/model_files.h"

namespace hornbeam::saving_test {
namespace {

// Run by the test below, in a process that is watched.
TEST(LoadsOneFileChild, DISABLED_Loads) {
  const char *path = std::getenv("HORNBEAM_LOAD"), *model_path = std::getenv("HORNBEAM_MODEL");
  ASSERT_NE(path, nullptr);
  std::optional<Model> model;
  if (model_path) model = load_model(model_path);
  // Marks in the trace where loading begins and ends.
  std::ifstream("/hornbeam/begin").good();
  try {
    if (model)
      model->load_weights(path);
    else
      load_model(path);
  } catch (const Error&) {
  }
  std::ifstream("/hornbeam/end").good();
}

// A model file of the test data, or an ending in which a model is saved first; weights are loaded into that model.
struct File {
  const char* file;
  const char* weights_of = nullptr;
};

class LoadsOneFile : public testing::TestWithParam<File> {};

TEST_P(LoadsOneFile, AndNoOther) {
  if (std::system("strace -V > /dev/null 2>&1") != 0) GTEST_SKIP() << "strace is not installed";
  TemporaryFolder folder;
  std::string model = data_path(GetParam().file), trace = folder / "trace", variables;
  if (GetParam().file[0] == '.') model = folder / ("saved" + std::string(GetParam().file));
  if (GetParam().weights_of) {
    std::string from = data_path(GetParam().weights_of);
    variables = "HORNBEAM_MODEL='" + from + "' ";
    if (GetParam().file[0] == '.') {
      Model saved = load_model(from);
      if (model.ends_with(".keras"))
        saved.save(model);
      else
        saved.save_weights(model);
    }
  }
  std::string self = std::filesystem::read_symlink("/proc/self/exe");
  std::string command = variables + "HORNBEAM_LOAD='" + model + "' strace -f -o '" + trace +
                        "' -e trace=%file,%network,%process '" + self +
                        "' --gtest_also_run_disabled_tests --gtest_filter=LoadsOneFileChild.DISABLED_Loads > /dev/null 2>&1";
  int status = std::system(command.c_str());
  if (status != 0) GTEST_SKIP() << "strace may not watch a process here";
  std::vector<std::string> calls;
  std::ifstream lines(trace);
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("/hornbeam/end") != std::string::npos) inside = false;
    if (inside) calls.push_back(line);
    if (line.find("/hornbeam/begin") != std::string::npos) inside = true;
  }
  size_t opened = 0;
  // What the library asks of the system whatever the file says: about the file it has open, the time zone (for the times in
  // an archive), and how much memory this process may use.
  static const std::regex kSystem("fstatat\\([0-9]+, \"\",|\"/etc/localtime\"|\"/sys/fs/cgroup/[a-z_./]*\"|\"/proc/self/cgroup\"");
  for (const std::string& call : calls) {
    if (std::regex_search(call, kSystem)) continue;
    if (call.find("open") != std::string::npos && call.find("\"" + model + "\"") != std::string::npos) {
      ++opened;
      continue;
    }
    ADD_FAILURE() << "loading did more than read its file: " << call;
  }
  EXPECT_EQ(opened, 1u);
}

INSTANTIATE_TEST_SUITE_P(Files, LoadsOneFile,
                         testing::Values(File{"models/trained_adam.keras"}, File{"models/refused_lambda.keras"},
                                         File{"models/cnn.keras"}, File{"models/nested.keras"},
                                         File{"vocabularies/nested.keras"}, File{"vocabularies/lookups.keras"},
                                         File{"keras/legacy_h5/mlp_classifier_keras2/model.h5"},
                                         File{"keras/legacy_h5/nested_model_keras3/model.h5"},
                                         File{"hdf5/external_data.h5"}, File{"hdf5/soft_link.h5"},
                                         File{".keras", "models/trained_adam.keras"},
                                         File{".weights.h5", "models/trained_adam.keras"},
                                         File{".h5", "models/trained_adam.keras"},
                                         File{".safetensors", "models/trained_adam.keras"},
                                         File{".npz", "models/trained_adam.keras"},
                                         File{"hdf5/external_data.h5", "models/trained_adam.keras"}),
                         [](const auto& info) {
                           std::string name = std::string(info.param.weights_of ? "weights_" : "") + info.param.file;
                           for (char& c : name)
                             if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
                           return name;
                         });

}  // namespace
}  // namespace hornbeam::saving_test
