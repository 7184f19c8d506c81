// Command lines of random words: whatever they say, the program ends by itself, and says what was wrong in one line.
#include <algorithm>
#include <cstdint>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test/cli/cli_support.h"

namespace hornbeam::cli_test {
namespace {

std::string quoted(const std::string& word) {
  std::string out = "'";
  for (char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

TEST(RandomWords, EndWithAStatusAndOneLine) {
  Folder folder;
  const std::vector<std::string> commands = {"predict", "evaluate", "fit",        "summary", "plot",
                                             "convert", "devices",  "completion", "man"};
  const std::vector<std::string> words = {model("trained_adam"),
                                          model("refused_lambda"),
                                          data("trained_adam"),
                                          folder / "out.keras",
                                          folder / "out.svg",
                                          "--input",
                                          "--data",
                                          "--output",
                                          "--epochs",
                                          "--batch-size",
                                          "--loss",
                                          "--optimizer",
                                          "--metrics",
                                          "--class-weight",
                                          "--early-stopping",
                                          "--checkpoint",
                                          "--target",
                                          "--model",
                                          "--json",
                                          "--threads",
                                          "--device",
                                          "--color",
                                          "--seed",
                                          "-v",
                                          "--help",
                                          "--",
                                          "-",
                                          "",
                                          "0",
                                          "-1",
                                          "2",
                                          "1e9",
                                          "99999999999999999999",
                                          "nan",
                                          "cpu",
                                          "cuda",
                                          "mse",
                                          "adam",
                                          "{}",
                                          "[]",
                                          "{\"class_name\":",
                                          "=",
                                          "a=b",
                                          "patience=",
                                          "0=1",
                                          "{\"0\": [1]}",
                                          "fashion-mnist:train:",
                                          "bash",
                                          "\n",
                                          "\xff\xfe",
                                          "%s%n",
                                          std::string(5000, 'x')};
  uint32_t dice = 7;
  auto pick = [&](const std::vector<std::string>& from) {
    dice = dice * 1664525 + 1013904223;
    return from[(dice >> 8) % from.size()];
  };
  for (int round = 0; round < 150; ++round) {
    std::string line = pick(commands);
    for (uint32_t i = 0, count = dice >> 28; i < count; ++i) line += " " + quoted(pick(words));
    SCOPED_TRACE(line);
    const Outcome outcome = run(line, "timeout 60 ");
    EXPECT_THAT(outcome.status, testing::AnyOf(0, 1, 2));
    if (outcome.status == 0) continue;
    EXPECT_THAT(outcome.err, testing::StartsWith("error: "));
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    EXPECT_EQ(outcome.out, "");
  }
}

}  // namespace
}  // namespace hornbeam::cli_test
