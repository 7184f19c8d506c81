// The compile cache as users meet it: a second process compiles nothing, whatever it runs; and the command `cache`.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "test/cli/cli_support.h"
#include "test/support/temporary_folder.h"

namespace hornbeam::cli_test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class CacheCli : public testing::Test {
 protected:
  std::string with() const { return "HORNBEAM_CACHE_DIR=" + folder_.path() + "/cache "; }
  json json_of(const std::string& arguments) {
    Outcome outcome = run(arguments, with());
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return json::parse(outcome.out);
  }
  // Programs that were compiled, and those that came from the cache.
  std::pair<int, int> counts(const std::string& arguments) {
    json cache = json_of(arguments).at("cache");
    return {cache.at("missed").get<int>(), cache.at("found").get<int>()};
  }

  test::TemporaryFolder folder_;
};

TEST_F(CacheCli, TheSecondProcessCompilesNothing) {
  for (const std::string& command :
       {"bench predict " + model("cnn") + " --batch-size 2 --steps 3 --json",
        "bench fit " + model("trained_adam") + " --batch-size 4 --steps 6 --json",
        "bench fit " + model("two_outputs") + " --batch-size 8 --steps 2 --threads 1 --json"}) {
    SCOPED_TRACE(command);
    auto [compiled, found] = counts(command);
    EXPECT_GT(compiled, 0);
    EXPECT_EQ(found, 0);
    EXPECT_EQ(counts(command), std::make_pair(0, compiled));
  }
}

TEST_F(CacheCli, PredictsTheSameFromIt) {
  auto predict = [&](const std::string& name, const std::string& before) {
    Outcome outcome = run("predict " + model("cnn") + " --input " + data("cnn") + " --output " + (folder_ / name), before);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return read_text(folder_ / name);
  };
  std::string without = predict("a.npz", "HORNBEAM_CACHE_DIR=off ");
  EXPECT_EQ(predict("b.npz", with()), without);
  EXPECT_EQ(predict("c.npz", with()), without);
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "cache"))
    std::ofstream(entry.path(), std::ios::binary) << "no program";
  EXPECT_EQ(predict("d.npz", with()), without);
}

TEST_F(CacheCli, ServesProcessesAtOnce) {
  const std::string one = with() + std::string(HORNBEAM_BUILD_DIR) + "/bin/hornbeam bench predict " + model("cnn") +
                          " --batch-size 2 --steps 2 --json";
  std::string all;
  for (int i = 0; i < 4; ++i) all += one + " > " + (folder_ / std::to_string(i)) + " & ";
  ASSERT_EQ(std::system(("set -e; " + all + " wait %1; wait %2; wait %3; wait %4").c_str()), 0);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(json::parse(read_text(folder_ / std::to_string(i))).at("step_seconds").size(), 2u);
}

TEST_F(CacheCli, ShowsAndClears) {
  json before = json_of("cache --json");
  EXPECT_EQ(before.at("folder"), folder_ / "cache");
  EXPECT_EQ(before.at("programs"), 0);
  EXPECT_EQ(before.at("max_bytes"), 1 << 30);
  counts("bench predict " + model("cnn") + " --batch-size 2 --steps 1 --json");
  json after = json_of("cache --json");
  EXPECT_EQ(after.at("programs"), 1);
  EXPECT_GT(after.at("bytes"), 1000);
  EXPECT_THAT(run("cache", with()).out, HasSubstr(": 1 programs, "));
  EXPECT_EQ(json_of("cache --clear --json").at("programs"), 0);
  EXPECT_EQ(json_of("cache --json").at("bytes"), 0);
  EXPECT_THAT(run("cache", "HORNBEAM_CACHE_DIR=off ").out, HasSubstr("no cache"));
  EXPECT_EQ(json::parse(run("cache --json", "HORNBEAM_CACHE_DIR=off ").out).at("folder"), nullptr);
}

}  // namespace
}  // namespace hornbeam::cli_test
