// Loading opens exactly one file, its own: watched from outside, with strace.
#include <cstdlib>
#include <fstream>
#include <regex>

#include <gtest/gtest.h>
#include <hornbeam/saving.h>

#include "test/saving/model_files.h"

namespace hornbeam::saving_test {
namespace {

// Run by the test below, in a process that is watched.
TEST(LoadsOneFileChild, DISABLED_Loads) {
  const char* path = std::getenv("HORNBEAM_LOAD");
  ASSERT_NE(path, nullptr);
  // Marks in the trace where loading begins and ends.
  std::ifstream("/hornbeam/begin").good();
  try {
    load_model(path);
  } catch (const Error&) {
  }
  std::ifstream("/hornbeam/end").good();
}

class LoadsOneFile : public testing::TestWithParam<std::string> {};

TEST_P(LoadsOneFile, AndNoOther) {
  if (std::system("strace -V > /dev/null 2>&1") != 0) GTEST_SKIP() << "strace is not installed";
  TemporaryFolder folder;
  std::string model = data_path(GetParam()), trace = folder / "trace";
  std::string self = std::filesystem::read_symlink("/proc/self/exe");
  std::string command = "HORNBEAM_LOAD='" + model + "' strace -f -o '" + trace +
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
                         testing::Values("models/trained_adam.keras", "models/refused_lambda.keras",
                                         "keras/legacy_h5/mlp_classifier_keras2/model.h5", "models/cnn.keras"),
                         [](const auto& info) {
                           std::string name = info.param;
                           for (char& c : name)
                             if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
                           return name;
                         });

}  // namespace
}  // namespace hornbeam::saving_test
