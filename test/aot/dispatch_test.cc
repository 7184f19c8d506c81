// Which code runs on which processor, shown on emulated ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/runtime/data/npy.h>

#include "test/aot/aot_support.h"

namespace hornbeam::aot {
namespace {

using testing::HasSubstr;

std::string executable(const std::string& cpu) {
  Sequential model = small_model();
  std::string path = folder() + "/dispatch_" + cpu;
  export_model(model, path, {.emit = "exe", .target = "x86_64-linux", .cpu = cpu});
  return path;
}

std::string input() {
  std::string path = folder() + "/dispatch_x.npz";
  runtime::write_npz(path, {{"x", features(64)}});
  return path;
}

// The file of predictions that an executable makes on a processor.
std::string predictions(const std::string& exe, const std::string& processor) {
  std::string output = folder() + "/dispatch_y.npz";
  Outcome outcome = run("qemu-x86_64 -cpu " + processor + " " + exe + " --input " + input() + " --output " + output);
  EXPECT_EQ(outcome.status, 0) << outcome.output;
  return read_file(output);
}

// Codes differ in their last bits, so that the bits tell which one ran.
TEST(Dispatch, TakesTheBestCodeThatTheProcessorRuns) {
  std::string base = predictions(executable("x86-64"), "Nehalem"), avx2 = predictions(executable("avx2"), "Haswell");
  ASSERT_NE(base, avx2);
  std::string all = executable("all");
  EXPECT_EQ(predictions(all, "Nehalem"), base);
  EXPECT_EQ(predictions(all, "Haswell"), avx2);
}

TEST(Dispatch, RefusesAProcessorThatLacksInstructions) {
  for (const char* cpu : {"avx2", "avx512"}) {
    Outcome outcome = run("qemu-x86_64 -cpu Nehalem " + executable(cpu) + " --input " + input() + " --output " +
                          folder() + "/no.npz");
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.output,
                HasSubstr("error: this processor lacks instructions that the model was compiled for\n"));
  }
}

TEST(Dispatch, OnThisMachineAllIsItsBest) {
  bool avx512 =
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
  std::string best = executable(avx512                           ? "avx512"
                                : __builtin_cpu_supports("avx2") ? "avx2"
                                                                 : "x86-64"),
              all = executable("all");
  std::string outputs[2];
  for (int i : {0, 1}) {
    std::string output = folder() + "/best.npz";
    Outcome outcome = run((i ? all : best) + " --input " + input() + " --output " + output);
    ASSERT_EQ(outcome.status, 0) << outcome.output;
    outputs[i] = read_file(output);
  }
  EXPECT_EQ(outputs[0], outputs[1]);
}

}  // namespace
}  // namespace hornbeam::aot
