// Running the program.
#include "test/cli/cli_support.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hornbeam::cli_test {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

std::string read_text(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

Outcome run(const std::string& arguments, const std::string& before) {
  const std::string errors = testing::TempDir() + "/hornbeam_cli_" + std::to_string(getpid());
  const std::string command = before + std::string(HORNBEAM_BUILD_DIR) + "/bin/hornbeam " + arguments + " 2>" + errors;
  Outcome outcome;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) return outcome;
  std::array<char, 4096> part;
  while (size_t got = std::fread(part.data(), 1, part.size(), pipe)) outcome.out.append(part.data(), got);
  const int status = pclose(pipe);
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -2;
  outcome.err = read_text(errors);
  std::remove(errors.c_str());
  return outcome;
}

std::string model(const std::string& name) {
  return std::string(HORNBEAM_TEST_DATA) + "/saving/data/models/" + name + ".keras";
}

std::string data(const std::string& name) {
  return std::string(HORNBEAM_TEST_DATA) + "/saving/data/models/" + name + ".npz";
}

void expect_failure(const std::string& arguments, int status, const std::string& words) {
  SCOPED_TRACE(arguments);
  const Outcome outcome = run(arguments);
  EXPECT_EQ(outcome.status, status);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, StartsWith("error: "));
  EXPECT_THAT(outcome.err, HasSubstr(words));
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
}

Folder::Folder() {
  static int number = 0;
  path_ = testing::TempDir() + "hornbeam_cli_" + std::to_string(getpid()) + "_" + std::to_string(number++);
  fs::remove_all(path_);
  fs::create_directories(path_);
}

Folder::~Folder() { fs::remove_all(path_); }

std::vector<std::string> Folder::files() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(path_)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace hornbeam::cli_test
