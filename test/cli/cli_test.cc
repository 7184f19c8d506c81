// The program `hornbeam`, run as a user runs it: what it prints, and its exit status.
#include <unistd.h>

#include <cstdio>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/runtime/data/npy.h>
#include <nlohmann/json.hpp>

#include "test/cli/cli_support.h"

namespace hornbeam::cli_test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Cli, HelpAndVersion) {
  Outcome help = run("--help");
  EXPECT_EQ(help.status, 0);
  EXPECT_THAT(help.out, HasSubstr("bench"));
  EXPECT_THAT(help.out, HasSubstr("Example"));
  Outcome bench = run("bench fit --help");
  EXPECT_EQ(bench.status, 0);
  EXPECT_THAT(bench.out, HasSubstr("--steps-per-execution"));
  EXPECT_THAT(bench.out, HasSubstr("Example"));
  Outcome version = run("--version");
  EXPECT_EQ(version.status, 0);
  EXPECT_EQ(version.out, "0.1.0\n");
}

TEST(Cli, WrongCommandLinesAreStatus2) {
  expect_failure("fitt x.keras", 2, "There is no command 'fitt'");
  expect_failure("bench fitt x.keras", 2, "There is no command 'fitt'");
  expect_failure("", 2, "subcommand");
  expect_failure("benhc", 2, "");
  expect_failure("bench fit", 2, "MODEL");
  expect_failure("bench fit " + model("cnn") + " --batch-size 0", 2, "--batch-size");
  expect_failure("bench fit " + model("cnn") + " --steps many", 2, "--steps");
  expect_failure("bench fit " + model("cnn") + " --steps 10 --steps-per-execution 4", 2, "multiple");
  expect_failure("bench predict " + model("cnn") + " --epochs 3", 2, "--epochs");
  expect_failure("predict " + model("cnn"), 2, "--input");
  expect_failure("evaluate " + model("cnn"), 2, "--data");
  expect_failure("fitt x.keras", 2, "Did you mean 'fit'?");
  expect_failure("predict " + model("cnn") + " --inptu x.npz", 2,
                 "hornbeam predict has no option '--inptu'. Did you mean '--input'? See: hornbeam predict --help");
  expect_failure("predict " + model("cnn") + " --input x.npz --device gpu", 2, "Did you mean 'cpu'?");
  expect_failure("predict " + model("cnn") + " --input x.npz --threads -1", 2, "not between 0 and 4096");
  expect_failure("predict " + model("cnn") + " --input x.npz --threads two", 2, "'two' is not a number");
  expect_failure("completion fish", 2, "--help");
}

TEST(Cli, BadInputIsStatus1) {
  expect_failure("bench predict /no/such/model.keras", 1, "/no/such/model.keras");
  expect_failure("bench predict " + model("refused_lambda"), 1, "Lambda layer 'double'");
  expect_failure("bench fit " + model("sequential_without_input"), 1, "not compiled");
  expect_failure("summary " + model("absent"), 1, "absent.keras");
  expect_failure("predict " + model("cnn") + " --input " + model("cnn"), 1, "read from .npz");
  expect_failure("predict " + model("cnn") + " --input " + data("cnn") + " --device cuda", 1, "GPUs are not made yet");
  expect_failure("predict " + model("two_outputs") + " --input " + data("cnn"), 1, "no array for 'series'");
  expect_failure("predict " + model("cnn") + " --input " + data("cnn") + " --output /no/such/folder/y.npz", 1,
                 "/no/such/folder/y.npz");
  expect_failure("evaluate " + model("nested") + " --data " + data("nested"), 1, "not compiled");
}

void expect_timings(const std::string& arguments, size_t calls, int steps_per_call) {
  SCOPED_TRACE(arguments);
  Outcome outcome = run(arguments);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 1);
  auto timings = nlohmann::json::parse(outcome.out);
  auto seconds = timings.at("step_seconds").get<std::vector<double>>();
  EXPECT_EQ(seconds.size(), calls);
  for (double value : seconds) EXPECT_GT(value, 0);
  EXPECT_EQ(timings.at("steps_per_call"), steps_per_call);
  EXPECT_GT(timings.at("compile_seconds").get<double>(), 0);
  EXPECT_GT(timings.at("peak_rss_bytes").get<int64_t>(), 1 << 20);
}

TEST(Cli, BenchFitTimesEachCall) {
  expect_timings(
      "bench fit " + model("trained_adam") + " --batch-size 4 --steps 12 --steps-per-execution 3 --threads 1 --json", 4,
      3);
  expect_timings("bench fit " + model("cnn") + " --batch-size 8 --steps 1 --steps-per-execution 1 --threads 2 --json",
                 1, 1);
  expect_timings("bench fit " + model("two_outputs") + " --batch-size 8 --steps 5 --json", 5, 1);
  expect_timings("bench fit " + model("dict_outputs") + " --batch-size 8 --steps 5 --json", 5, 1);
}

TEST(Cli, BenchRunsMoreStepsThanTheDataHave) {
  expect_timings("bench fit " + model("trained_adam") + " --batch-size 30000 --steps 7 --threads 1 --json", 7, 1);
  expect_timings("bench predict " + model("trained_adam") + " --batch-size 20000 --steps 7 --threads 1 --json", 7, 1);
}

TEST(Cli, BenchPredictTimesEachBatch) {
  expect_timings("bench predict " + model("cnn") + " --batch-size 2 --steps 9 --threads 1 --json", 9, 1);
  expect_timings("bench predict " + model("shared_and_merged") + " --batch-size 1 --steps 3 --json", 3, 1);
}

TEST(Cli, BenchIsReadableWithoutJson) {
  Outcome outcome = run("bench predict " + model("trained_adam") + " --batch-size 4 --steps 3");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, StartsWith("step: "));
}

TEST(Cli, SummaryIsATable) {
  Outcome outcome = run("summary " + model("nested"));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("dense_4 (Dense)"));
  EXPECT_THAT(outcome.out, HasSubstr("Total params: 140"));
}

TEST(Cli, PredictWritesArraysNamedByTheOutputs) {
  std::string path = testing::TempDir() + "/hornbeam_cli_" + std::to_string(getpid()) + ".npz";
  Outcome outcome = run("predict " + model("two_outputs") + " --input " + data("two_outputs") + " --output " + path);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  std::map<std::string, Array> found, expected;
  for (auto& [name, array] : runtime::read_npz(path)) found[name] = array;
  for (auto& [name, array] : runtime::read_npz(data("two_outputs"))) expected[name] = array;
  std::remove(path.c_str());
  ASSERT_EQ(found.size(), 2u);
  for (auto [name, wanted] : {std::pair("category", "y0"), std::pair("value", "y1")}) {
    ASSERT_EQ(found.at(name).shape(), expected.at(wanted).shape());
    for (int64_t i = 0; i < found.at(name).num_elements(); ++i)
      EXPECT_NEAR(found.at(name).get(i), expected.at(wanted).get(i), 1e-5);
  }
}

TEST(Cli, PredictShowsTheFirstRows) {
  Outcome outcome = run("predict " + model("cnn") + " --input " + data("cnn"));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith("dense: float32 (8, 4)\n"));
}

TEST(Cli, EvaluateGivesKerasLoss) {
  std::map<std::string, Array> stored;
  for (auto& [name, array] : runtime::read_npz(data("trained_adam"))) stored[name] = array;
  std::string path = testing::TempDir() + "/hornbeam_cli_" + std::to_string(getpid()) + ".npz";
  runtime::write_npz(path, {{"x", stored.at("x0")}, {"y", stored.at("t0")}});
  Outcome outcome = run("evaluate " + model("trained_adam") + " --data " + path + " --json");
  std::remove(path.c_str());
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  auto logs = nlohmann::json::parse(outcome.out);
  EXPECT_NEAR(logs.at("loss").get<double>(), stored.at("e0").get(0), 1e-5);
  EXPECT_TRUE(logs.contains("accuracy"));
}

TEST(Cli, CtrlCEndsAfterTheRunningCall) {
  Outcome outcome = run("bench fit " + model("trained_adam") + " --batch-size 4 --steps 1000000000 --threads 1 --json",
                        "timeout --preserve-status -s INT 2 ");
  EXPECT_EQ(outcome.status, 130);
}

}  // namespace
}  // namespace hornbeam::cli_test
