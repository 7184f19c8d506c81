// What export_model refuses, and that nothing is written then; what can be looked at.
#include <filesystem>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/input.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/ops.h>
#include <hornbeam/runtime/package.h>

#include "test/aot/aot_support.h"

namespace hornbeam::aot {
namespace {

using testing::HasSubstr;

template <class E>
void expect_refused(Model& model, const ExportOptions& options, const std::string& words) {
  SCOPED_TRACE(words);
  std::string place = folder() + "/refused";
  std::filesystem::create_directories(place);
  try {
    export_model(model, place + "/model.out", options);
    ADD_FAILURE() << "was not refused";
  } catch (const E& error) {
    EXPECT_THAT(error.what(), HasSubstr(words));
  }
  EXPECT_THAT(files_in(place), testing::IsEmpty());
}

TEST(ExportOptions, AreChecked) {
  Sequential model = small_model();
  expect_refused<ValueError>(model, {.emit = "dll"}, "emit='dll'");
  expect_refused<ValueError>(model, {.function = "fit"}, "function must be 'predict' or 'train'");
  expect_refused<ValueError>(model, {.batch_size = 0}, "batch_size must be positive");
  expect_refused<ValueError>(model, {.target = "riscv64-linux"}, "Unknown target \"riscv64-linux\"");
  expect_refused<ValueError>(model, {.cpu = "i486dx"}, "Unknown cpu \"i486dx\"");
  expect_refused<ValueError>(model, {.target = "aarch64-linux", .cpu = "native"}, "cpu \"native\" is this machine's");
  expect_refused<ValueError>(model, {.target = "aarch64-linux", .cpu = "all"}, "cpu \"all\" is for x86_64-linux");
  expect_refused<ValueError>(model, {.weights = "beside"}, "weights must be 'inside' or 'external'");
  expect_refused<ValueError>(model, {.prefix = "2nd"}, "The prefix must be a name as in C");
  expect_refused<ValueError>(model, {.num_threads = 0}, "num_threads must be in 1 .. 4096");
  expect_refused<ValueError>(model, {.emit = "exe", .target = "wasm32"}, "there is no exe");
  expect_refused<ValueError>(model, {.emit = "wasm", .target = "x86_64-linux"}, "made for the target wasm32");
  expect_refused<ValueError>(model, {.emit = "wasm", .num_threads = 2}, "runs on one thread");
  expect_refused<ValueError>(model, {.emit = "llvm", .cpu = "all"}, "choose one");
}

TEST(ExportOptions, ModelsThatCannotBe) {
  Sequential unbuilt({layers::Dense({.units = 2})});
  expect_refused<ValueError>(unbuilt, {}, "has no known inputs");
  Tensor words = Input({.shape = {kUnknown}, .dtype = DType::float32, .name = "words"});
  Model unknown(words, words + words);
  expect_refused<ValueError>(unknown, {}, "all axes but the batch must be known. Received: input 'words'");
  Tensor x = Input({3});
  Model uncompiled(x, x + x);
  expect_refused<ValueError>(uncompiled, {.function = "train"}, "is not compiled");
}

TEST(ExportOptions, AFolderThatIsNotThere) {
  Sequential model = small_model();
  EXPECT_THROW(export_model(model, "/none/model.o", {.emit = "obj"}), IOError);
}

TEST(ExportOptions, ShowsItsStages) {
  Sequential model = small_model();
  const std::pair<const char*, const char*> stages[] = {
      {"horn", "horn.dot"}, {"kernels", "vector."}, {"llvm", "define "}, {"asm", "\t.text"}};
  for (const auto& [emit, words] : stages) {
    std::string path = folder() + "/stage." + emit;
    EXPECT_THAT(export_model(model, path, {.emit = emit}), testing::ElementsAre(path));
    EXPECT_THAT(read_file(path), HasSubstr(words)) << emit;
  }
  export_model(model, folder() + "/arm.s", {.emit = "asm", .target = "aarch64-linux"});
  EXPECT_THAT(read_file(folder() + "/arm.s"), HasSubstr("fmla"));
}

TEST(ExportOptions, PackageIsAProgramWithItsWeightsBeside) {
  Sequential model = small_model();
  std::string path = folder() + "/model.hbp";
  EXPECT_THAT(export_model(model, path, {.emit = "package"}),
              testing::ElementsAre(path, folder() + "/model.safetensors"));
  runtime::Program program = runtime::load(path);
  ASSERT_NE(program.find("predict_step"), nullptr);
  EXPECT_EQ(program.find("predict_step")->batch_size, 32);
  EXPECT_EQ(program.state.size(), 4u);
}

// Equal input, equal bytes: builds can be compared.
TEST(ExportOptions, IsReproducible) {
  Sequential model = small_model();
  for (const char* emit : {"obj", "static-lib", "shared-lib", "exe", "wasm"}) {
    std::string path = folder() + "/again." + emit;
    export_model(model, path, {.emit = emit, .prefix = "again"});
    std::string first = read_file(path);
    export_model(model, path, {.emit = emit, .prefix = "again"});
    EXPECT_TRUE(read_file(path) == first) << emit;
  }
}

}  // namespace
}  // namespace hornbeam::aot
