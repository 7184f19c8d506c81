// hornbeam bench --profile: a table, JSON and a trace.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "test/cli/cli_support.h"

namespace hornbeam::cli_test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using Json = nlohmann::json;

TEST(ProfileCli, PrintsALineALayer) {
  Outcome fit = run("bench fit " + model("trained_adam") + " --batch-size 4 --steps 6 --threads 1 --profile");
  ASSERT_EQ(fit.status, 0) << fit.err;
  EXPECT_THAT(fit.out, HasSubstr("train_step, batch of 4, 1 thread, mean of 6 steps"));
  EXPECT_THAT(fit.out, ContainsRegex("\ndense[_0-9]* "));
  EXPECT_THAT(fit.out, ContainsRegex("\ndense[_0-9]*' "));  // its gradient
  EXPECT_THAT(fit.out, HasSubstr("(optimizer)"));
  EXPECT_THAT(fit.out, ContainsRegex("\nwhole step .*100.0 %"));
  Outcome predict = run("bench predict " + model("cnn") + " --batch-size 4 --steps 6 --profile");
  ASSERT_EQ(predict.status, 0) << predict.err;
  EXPECT_THAT(predict.out, ContainsRegex("\nconv2d[_0-9]* "));
  EXPECT_EQ(predict.out.find("'  "), std::string::npos);
}

TEST(ProfileCli, PrintsJsonAndWritesATrace) {
  Folder folder;
  Outcome outcome = run("bench fit " + model("trained_adam") + " --batch-size 4 --steps 12 --steps-per-execution 3 --json "
                        "--trace " + folder / "trace.json");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("Perfetto"));
  Json profile = Json::parse(outcome.out);
  EXPECT_EQ(profile["steps"], 12);
  EXPECT_GT(profile["step_seconds"], 0);
  EXPECT_GT(profile["peak_flops"], 0);
  for (const char* list : {"layers", "kernels"}) {
    double seconds = 0;
    for (const Json& row : profile[list]) {
      seconds += row["seconds"].get<double>();
      for (const char* key : {"layer", "gradient", "flops", "bytes", "share_of_time", "share_of_peak_flops"})
        EXPECT_TRUE(row.contains(key)) << key;
    }
    EXPECT_NEAR(seconds, profile["step_seconds"].get<double>(), 1e-9);
  }
  Json trace = Json::parse(read_text(folder / "trace.json"));
  EXPECT_GE(trace["traceEvents"].size(), 12u * profile["kernels"].size());
}

TEST(ProfileCli, LeavesNothingBehindWhenItFails) {
  expect_failure("bench fit " + model("trained_adam") + " --steps 2 --trace /no/such/folder/trace.json", 1, "/no/such/folder");
  Folder folder;
  expect_failure("bench fit /no/such.keras --trace " + folder / "t.json", 1, "/no/such.keras");
  EXPECT_TRUE(folder.files().empty());
}

}  // namespace
}  // namespace hornbeam::cli_test
