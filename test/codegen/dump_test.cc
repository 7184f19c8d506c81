// dump_dir: a file for each stage.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image_support.h"
#include "test/support/temporary_folder.h"

namespace hornbeam::test {
namespace {

using ::testing::HasSubstr;

constexpr const char* kEmpty = "func.func @run(%HEAD, %TAIL) { return }";

std::string read(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(Dump, WritesEachStageInOrder) {
  TemporaryFolder folder;
  std::filesystem::path dir = folder / "dump/deeper";
  codegen::CompileOptions options;
  options.dump_dir = dir.string();
  auto program = compile_run(kEmpty, 0, 0, options);
  ASSERT_TRUE(program.ok()) << program.status();
  EXPECT_THAT(read(dir / "00_kernel_functions.mlir"), HasSubstr("func.func @run"));
  EXPECT_THAT(read(dir / "01_llvm_dialect.mlir"), HasSubstr("llvm.func @hornbeam_run"));
  EXPECT_THAT(read(dir / "02_llvm_ir.ll"), HasSubstr("define void @hornbeam_run(ptr"));
  EXPECT_THAT(read(dir / "03_assembly.s"), HasSubstr("hornbeam_run:"));
}

TEST(Dump, DoesNotChangeTheImage) {
  codegen::CompileOptions options;
  TemporaryFolder folder;
  options.dump_dir = folder.path();
  auto with = compile_run(kEmpty, 0, 0, options), without = compile_run(kEmpty, 0, 0);
  ASSERT_TRUE(with.ok() && without.ok());
  EXPECT_EQ(with->image, without->image);
}

TEST(Dump, NamesADirectoryThatCannotBeMade) {
  codegen::CompileOptions options;
  options.dump_dir = "/dev/null/dump";
  auto program = compile_run(kEmpty, 0, 0, options);
  EXPECT_EQ(program.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(program.status().message(), HasSubstr("/dev/null/dump"));
}

}  // namespace
}  // namespace hornbeam::test
