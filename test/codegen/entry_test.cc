// The calling convention: what an entry receives, the barrier, errors of the back half.
#include <cmath>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image_support.h"

namespace hornbeam::test {
namespace {

using ::testing::HasSubstr;

TEST(Entry, ReceivesEveryFieldOfTheCall) {
  // Writes a number from each buffer, the first rows, steps, thread and num_threads to the output.
  const char* mlir = R"(
    func.func @run(%HEAD, %x: memref<1099511627776xf32>, %out: memref<1099511627776xi64>, %TAIL) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c2 = arith.constant 2 : index
      %c3 = arith.constant 3 : index
      %c4 = arith.constant 4 : index
      %c5 = arith.constant 5 : index
      %c6 = arith.constant 6 : index
      %c7 = arith.constant 7 : index
      %c8 = arith.constant 8 : index
      %w = memref.load %weights[%c0] : memref<4096xi8>
      %s = memref.load %slots[%c0] : memref<4096xi8>
      %m = memref.load %metrics[%c0] : memref<4096xi8>
      %a = memref.load %arena[%c0] : memref<4096xi8>
      %w64 = arith.extui %w : i8 to i64
      %s64 = arith.extui %s : i8 to i64
      %m64 = arith.extui %m : i8 to i64
      %a64 = arith.extui %a : i8 to i64
      %xf = memref.load %x[%c1] : memref<1099511627776xf32>
      %x64 = arith.fptosi %xf : f32 to i64
      %r = memref.load %rows[%c1] : memref<1099511627776xi64>
      %n = arith.index_cast %steps : index to i64
      %t = arith.index_cast %thread : index to i64
      %nt = arith.index_cast %num_threads : index to i64
      memref.store %w64, %out[%c0] : memref<1099511627776xi64>
      memref.store %s64, %out[%c1] : memref<1099511627776xi64>
      memref.store %m64, %out[%c2] : memref<1099511627776xi64>
      memref.store %a64, %out[%c3] : memref<1099511627776xi64>
      memref.store %x64, %out[%c4] : memref<1099511627776xi64>
      memref.store %r, %out[%c5] : memref<1099511627776xi64>
      memref.store %n, %out[%c6] : memref<1099511627776xi64>
      memref.store %t, %out[%c7] : memref<1099511627776xi64>
      memref.store %nt, %out[%c8] : memref<1099511627776xi64>
      return
    })";
  auto program = compile_run(mlir, 1, 1);
  ASSERT_TRUE(program.ok()) << program.status();
  EXPECT_EQ(program->entries[0].symbol, "hornbeam_run");
  LoadedImage image(program->image);
  uint8_t weights = 201, slots = 202, metrics = 203, arena = 204;
  float x[2] = {0, 33};
  int64_t rows[2] = {0, 55}, out[9] = {};
  void* buffers[] = {&weights, &slots, &metrics, &arena, x, out};
  HornbeamCall call{};
  call.buffers = buffers;
  call.rows = rows;
  call.steps = int64_t{1} << 33;
  call.thread = 3;
  call.num_threads = 7;
  image.entry("hornbeam_run")(&call);
  EXPECT_THAT(out, ::testing::ElementsAre(201, 202, 203, 204, 33, 55, int64_t{1} << 33, 3, 7));
}

constexpr const char* kTwoBarriers = R"(
  func.func private @hornbeam_barrier(!llvm.ptr)
  func.func @run(%HEAD, %TAIL) {
    func.call @hornbeam_barrier(%call) : (!llvm.ptr) -> ()
    func.call @hornbeam_barrier(%call) : (!llvm.ptr) -> ()
    return
  })";

TEST(Entry, CallsTheBarrierWithItsContext) {
  auto program = compile_run(kTwoBarriers, 0, 0);
  ASSERT_TRUE(program.ok()) << program.status();
  LoadedImage image(program->image);
  int count = 0;
  HornbeamCall call{};
  void* buffers[4] = {};
  call.buffers = buffers;
  call.barrier = [](void* context) { ++*static_cast<int*>(context); };
  call.barrier_context = &count;
  image.entry("hornbeam_run")(&call);
  EXPECT_EQ(count, 2);
}

TEST(Entry, PassesABarrierThatIsNull) {
  auto program = compile_run(kTwoBarriers, 0, 0);
  ASSERT_TRUE(program.ok()) << program.status();
  LoadedImage image(program->image);
  void* buffers[4] = {};
  HornbeamCall call{};
  call.buffers = buffers;
  image.entry("hornbeam_run")(&call);
}

TEST(Entry, NeedsAnArgumentForEveryPort) {
  auto program = compile_run("func.func @run(%HEAD, %TAIL) { return }", 1, 0);
  EXPECT_EQ(program.status().code(), absl::StatusCode::kInternal);
  EXPECT_THAT(program.status().message(), HasSubstr("Entry \"run\": its function takes 9 arguments; its ports make 10."));
}

TEST(Entry, NeedsItsFunction) {
  auto program = compile_run("func.func @walk(%HEAD, %TAIL) { return }", 0, 0);
  EXPECT_THAT(program.status().message(), HasSubstr("Entry \"run\" has no function @run."));
}

TEST(CompileText, SaysWhereTheTextIsWrong) {
  auto program = compile_run("func.func @run(%HEAD, %TAIL) { %x = arith.nonsense }", 0, 0);
  EXPECT_EQ(program.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(program.status().message(), HasSubstr("arith.nonsense"));
}

TEST(CompileText, RefusesAnUnknownCpu) {
  codegen::CompileOptions options;
  options.cpu = "abacus";
  auto program = compile_run("func.func @run(%HEAD, %TAIL) { return }", 0, 0, options);
  EXPECT_EQ(program.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(program.status().message(), HasSubstr("Unknown cpu \"abacus\""));
}

TEST(CompileText, RefusesASymbolThatIsInNoLibrary) {
  auto program = compile_run(R"(
    func.func private @hornbeam_nowhere()
    func.func @run(%HEAD, %TAIL) {
      func.call @hornbeam_nowhere() : () -> ()
      return
    })", 0, 0);
  EXPECT_THAT(program.status().message(), HasSubstr("hornbeam_nowhere, which is in no library"));
}

TEST(CompileText, RefusesVectorsOfBooleansInMemory) {
  auto program = compile_run(R"(
    func.func @run(%HEAD, %x: memref<1099511627776xi1>, %TAIL) {
      %c0 = arith.constant 0 : index
      %v = vector.load %x[%c0] : memref<1099511627776xi1>, vector<16xi1>
      vector.store %v, %x[%c0] : memref<1099511627776xi1>, vector<16xi1>
      return
    })", 1, 0);
  EXPECT_THAT(program.status().message(), HasSubstr("booleans in memory must be i8"));
}

// Large enough to be divided: 60 kernels of 100 exponentials' sums, called from one entry.
std::string many_kernels() {
  std::string kernels, calls;
  for (int k = 0; k < 60; ++k) {
    absl::StrAppend(&kernels, "func.func private @kernel_", k, "(%x: f32) -> f32 {\n  %v0 = math.exp %x : f32\n");
    for (int i = 0; i < 100; ++i)
      absl::StrAppend(&kernels, "  %v", i + 1, " = arith.addf %v", i, i % 2 ? ", %x : f32\n" : ", %v0 : f32\n");
    absl::StrAppend(&kernels, "  return %v100 : f32\n}\n");
    absl::StrAppend(&calls, "  %i", k, " = arith.constant ", k, " : index\n  %x", k, " = memref.load %x[%i", k,
                    "] : memref<64xf32>\n  %y", k, " = func.call @kernel_", k, "(%x", k, ") : (f32) -> f32\n  memref.store %y",
                    k, ", %y[%i", k, "] : memref<64xf32>\n");
  }
  return absl::StrCat(kernels, "func.func @run(%HEAD, %x: memref<64xf32>, %y: memref<64xf32>, %TAIL) {\n", calls, "  return\n}\n");
}

TEST(CompileText, DividesALargeModuleWithTheSameImageForAnyNumberOfThreads) {
  std::vector<float> x(64, 1.0f), y(64);
  compile_and_call(many_kernels(), {x.data()}, {y.data()});
  for (int k = 0; k < 60; ++k) EXPECT_NEAR(y[k], 51 * std::exp(1.0f) + 50, 1e-3) << k;
  codegen::CompileOptions one, three;
  one.num_threads = 1;
  three.num_threads = 3;
  auto alone = compile_run(many_kernels(), 1, 1, one), together = compile_run(many_kernels(), 1, 1, three);
  ASSERT_TRUE(alone.ok() && together.ok());
  EXPECT_EQ(alone->image, together->image);
}

TEST(CompileText, ExportsTheEntriesAlone) {
  auto program = compile_run(R"(
    func.func private @kernel() { return }
    func.func @run(%HEAD, %TAIL) {
      func.call @kernel() : () -> ()
      return
    })", 0, 0);
  ASSERT_TRUE(program.ok()) << program.status();
  EXPECT_TRUE(absl::StartsWith(program->image, "\x7f" "ELF"));
  EXPECT_FALSE(program->target.empty());
  LoadedImage image(program->image);
  EXPECT_NE(image.entry("hornbeam_run"), nullptr);
}

}  // namespace
}  // namespace hornbeam::test
