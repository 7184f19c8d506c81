// `hornbeam compile`, and the programs of docs/how-to/compiled_models, built and run as the page says.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/runtime/data/npy.h>

#include "test/aot/aot_support.h"

namespace hornbeam::aot {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string place() {
  std::string path = folder() + "/command";
  std::filesystem::create_directories(path);
  return path;
}

std::string model_file(const std::string& name) {
  return std::string(HORNBEAM_TEST_DATA) + "/saving/data/models/" + name + ".keras";
}

Outcome hornbeam(const std::string& arguments) {
  return run(std::string(HORNBEAM_BUILD_DIR) + "/bin/hornbeam " + arguments);
}

// `compile` with these options, which goes well.
void compile(const std::string& model, const std::string& options) {
  Outcome outcome = hornbeam("compile " + model_file(model) + " " + options);
  ASSERT_EQ(outcome.status, 0) << outcome.output;
  EXPECT_THAT(outcome.output, StartsWith("wrote "));
}

// The arrays that Keras computed for a model of the test data.
std::map<std::string, Array> recorded(const std::string& model) {
  std::map<std::string, Array> arrays;
  for (auto& [name, array] :
       runtime::read_npz(std::string(HORNBEAM_TEST_DATA) + "/saving/data/models/" + model + ".npz"))
    arrays[name] = array;
  return arrays;
}

TEST(Compile, WritesEachKind) {
  for (std::string emit :
       {"obj", "static-lib", "shared-lib", "exe", "wasm", "package", "horn", "kernels", "llvm", "asm"}) {
    std::string path = place() + "/kind_" + emit;
    compile("trained_adam", "--emit " + emit + " --batch-size 4 --output " + path);
    EXPECT_TRUE(exists(path)) << emit;
  }
}

// The executables of whole files predict what Keras predicted, each array under its name.
TEST(Compile, ExecutablesPredictAsKerasDoes) {
  for (std::string model :
       {"trained_adam", "cnn", "two_outputs", "shared_and_merged", "nested", "residual", "untrained_functional"}) {
    SCOPED_TRACE(model);
    std::map<std::string, Array> arrays = recorded(model);
    std::string exe = place() + "/" + model, input = place() + "/x.npz", output = place() + "/y.npz";
    compile(model, "--emit exe --batch-size 8 --output " + exe);
    runtime::NamedArrays inputs;
    for (int i = 0; arrays.contains("x" + std::to_string(i)); ++i)
      inputs.emplace_back("x" + std::to_string(i), arrays["x" + std::to_string(i)]);
    runtime::write_npz(input, inputs);
    Outcome outcome = run(exe + " --input " + input + " --output " + output);
    ASSERT_EQ(outcome.status, 0) << outcome.output;
    runtime::NamedArrays got = runtime::read_npz(output);
    for (size_t i = 0; i < got.size(); ++i) {
      const Array& expected = arrays["y" + std::to_string(i)];
      ASSERT_EQ(got[i].second.shape(), expected.shape());
      for (int64_t j = 0; j < expected.num_elements(); ++j)
        EXPECT_NEAR(got[i].second.get(j), expected.get(j), 1e-5 + 1e-5 * std::abs(expected.get(j))) << got[i].first;
    }
  }
}

// A package and its weights run where there is no model file any more.
TEST(Compile, PackageIsRunByPredict) {
  std::map<std::string, Array> arrays = recorded("trained_adam");
  std::string package = place() + "/package.hbp", input = place() + "/package_x.npz",
              output = place() + "/package_y.npz";
  compile("trained_adam", "--emit package --batch-size 5 --output " + package);
  runtime::write_npz(input, {{"x", arrays["x0"]}});  // 12 rows
  Outcome outcome = hornbeam("predict --program " + package + " --input " + input + " --output " + output);
  ASSERT_EQ(outcome.status, 0) << outcome.output;
  Array got = runtime::read_npz(output).at(0).second;
  ASSERT_EQ(got.shape(), arrays["y0"].shape());
  for (int64_t i = 0; i < got.num_elements(); ++i) EXPECT_NEAR(got.get(i), arrays["y0"].get(i), 1e-5) << i;

  std::filesystem::rename(place() + "/package.safetensors", place() + "/moved.safetensors");
  outcome = hornbeam("predict --program " + package + " --input " + input);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.output, HasSubstr("package.safetensors"));
  outcome = hornbeam("predict --program " + package + " --weights " + place() + "/moved.safetensors --input " + input);
  EXPECT_EQ(outcome.status, 0) << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("dense_1: float32 (12, 4)"));
  outcome = hornbeam("predict " + package + " --input " + input);  // code is run only when it is named as such
  EXPECT_EQ(outcome.status, 1);
  outcome = hornbeam("predict --input " + input);
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.output, HasSubstr("MODEL or --program"));
}

// Its learning rate is rounded down in steps, which the oldest processors have no instruction for.
TEST(Compile, TrainsByAScheduleOnEveryProcessor) {
  std::string exe = place() + "/schedule", data = place() + "/schedule.npz", output = place() + "/schedule_w.npz";
  std::map<std::string, Array> arrays = recorded("schedule");
  runtime::write_npz(data, {{"x", arrays["x0"]}, {"y", arrays["t0"]}});
  for (std::string cpu : {"x86-64", "native"}) {
    compile("schedule", "--emit exe --function train --batch-size 4 --cpu " + cpu + " --output " + exe);
    Outcome outcome = run(exe + " --data " + data + " --output " + output);
    EXPECT_EQ(outcome.status, 0) << outcome.output;
    EXPECT_THAT(outcome.output, HasSubstr("epoch 1/1: "));
  }
}

TEST(Compile, FailuresAreOneLineAndLeaveNothing) {
  std::string none = place() + "/nothing", good = model_file("trained_adam");
  std::filesystem::create_directories(none);
  auto expect_failure = [&](const std::string& arguments, int status, const std::string& words) {
    SCOPED_TRACE(arguments);
    Outcome outcome = hornbeam("compile " + arguments);
    EXPECT_EQ(outcome.status, status);
    EXPECT_THAT(outcome.output, StartsWith("error: "));
    EXPECT_THAT(outcome.output, HasSubstr(words));
    EXPECT_EQ(std::count(outcome.output.begin(), outcome.output.end(), '\n'), 1) << outcome.output;
    EXPECT_THAT(files_in(none), testing::IsEmpty());
  };
  std::string to = " --output " + none + "/m.o";
  expect_failure("--emit obj" + to, 2, "MODEL is required");
  expect_failure(good + to, 2, "--emit is required");
  expect_failure(good + " --emit obj", 2, "--output is required");
  expect_failure(good + " --emit elf" + to, 2, "--emit");
  expect_failure(good + " --emit obj --batch-size 0" + to, 2, "--batch-size");
  expect_failure(good + " --emit obj --batch-size x" + to, 2, "--batch-size");
  expect_failure(good + " --emit obj --target sparc" + to, 2, "--target");
  expect_failure(good + " --emit obj --function fit" + to, 2, "--function");
  expect_failure(good + " --emit obj --last-batch-size -1" + to, 2, "--last-batch-size");
  expect_failure(good + " --emit obj --last-batch-size 2" + to, 1, "last_batch_size must be 0 unless function is 'train'");
  expect_failure(good + " --emit obj --function train --batch-size 8 --last-batch-size 8" + to, 1,
                 "last_batch_size must be below batch_size");
  expect_failure(good + " --emit obj --sample-weight" + to, 1, "sample_weight must be false unless function is 'train'");
  expect_failure("/none.keras --emit obj" + to, 1, "/none.keras");
  expect_failure(good + " --emit obj --cpu 8086" + to, 1, "Unknown cpu");
  expect_failure(good + " --emit obj --prefix a-b" + to, 1, "prefix");
  expect_failure(good + " --emit exe --target wasm32" + to, 1, "no exe");
  expect_failure(model_file("refused_lambda") + " --emit obj" + to, 1, "refused_lambda");
  expect_failure(good + " --emit obj --output /none/m.o", 1, "/none");
}

TEST(Compile, HelpHasAnExample) {
  Outcome help = hornbeam("compile --help");
  EXPECT_EQ(help.status, 0);
  EXPECT_THAT(help.output, HasSubstr("--weights"));
  EXPECT_THAT(help.output, HasSubstr("Example"));
}

std::string example(const std::string& name) { return std::string(HORNBEAM_DOCS) + "/how-to/compiled_models/" + name; }

TEST(Example, PredictInC) {
  compile("trained_adam", "--emit obj --batch-size 8 --output " + place() + "/classifier.o");
  std::string program = place() + "/predict_in_c";
  Outcome built = run("gcc -std=c99 -Wall -Wextra -Werror -I" + place() + " " + example("predict.c") + " " + place() +
                      "/classifier.o -o " + program);
  ASSERT_EQ(built.status, 0) << built.output;
  std::map<std::string, Array> arrays = recorded("trained_adam");
  std::ofstream samples(place() + "/samples.txt");
  samples.precision(9);
  for (int64_t i = 0; i < arrays["x0"].num_elements(); ++i) samples << arrays["x0"].get(i) << (i % 9 == 8 ? "\n" : " ");
  samples.close();
  Outcome outcome = run(program + " < " + place() + "/samples.txt");
  EXPECT_EQ(outcome.status, 0);
  std::string expected;
  const Array& y = arrays["y0"];
  for (int64_t row = 0; row < y.shape()[0]; ++row) {
    int64_t best = 0;
    for (int64_t i = 1; i < 4; ++i)
      if (y.get(4 * row + i) > y.get(4 * row + best)) best = i;
    expected += "class " + std::to_string(best) + ", ";
    EXPECT_THAT(outcome.output, HasSubstr(expected.substr(expected.rfind("class"))));
  }
  EXPECT_EQ(std::count(outcome.output.begin(), outcome.output.end(), '\n'), y.shape()[0]);
}

TEST(Example, TwoModelsInCpp) {
  compile("trained_adam",
          "--emit static-lib --function train --threads 4 --batch-size 32 --output " + place() + "/libpupil.a");
  compile("trained_adam", "--emit static-lib --batch-size 32 --output " + place() + "/libteacher.a");
  for (std::string compiler : {"g++", "clang++-22"}) {
    std::string program = place() + "/two_models";
    Outcome built = run(compiler + " -std=c++20 -pthread -Wall -Werror -I" + place() + " " + example("two_models.cc") +
                        " " + place() + "/libpupil.a " + place() + "/libteacher.a -o " + program);
    ASSERT_EQ(built.status, 0) << built.output;
    Outcome outcome = run(program);
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.output,
                testing::MatchesRegex("epoch 1: accuracy 0\\.[0-8].*\nepoch 60: accuracy (0\\.9|1\\.0).*\n"));
  }
}

TEST(Example, TrainInPython) {
  compile("trained_adam", "--emit shared-lib --function train --batch-size 32 --output " + place() + "/libtrained.so");
  Outcome outcome = run("python3 " + example("train.py") + " " + place() + "/libtrained.so");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.output,
              testing::MatchesRegex("epoch 1: .*\nepoch 40: accuracy (0\\.9|1\\.0).*\n(4[5-9]|5)[0-9]+ of 512 right\n"))
      << outcome.output;
}

TEST(Example, PredictInJavaScript) {
  compile("trained_adam", "--emit wasm --batch-size 8 --output " + place() + "/classifier.wasm");
  Outcome outcome = run("node " + example("predict.mjs") + " " + place() + "/classifier.wasm");
  EXPECT_EQ(outcome.status, 0) << outcome.output;
  EXPECT_EQ(std::count(outcome.output.begin(), outcome.output.end(), '\n'), 12);
  EXPECT_THAT(outcome.output, testing::MatchesRegex("(-?[0-9.]+ -?[0-9.]+ -?[0-9.]+ -?[0-9.]+\n)+"));
}

}  // namespace
}  // namespace hornbeam::aot
