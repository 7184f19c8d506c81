// compile() asks the cache on disk first: what was compiled for the same module, state, options and processor is loaded.
#include <fstream>
#include <memory>

#include <gtest/gtest.h>
#include <hornbeam/runtime/device.h>
#include <hornbeam/runtime/program_cache.h>

#include "codegen/compiler.h"
#include "test/support/temporary_folder.h"

namespace hornbeam {
namespace {

// y [n] = tanh(x) + w, w being a state variable [3].
absl::StatusOr<runtime::Program> compile(const codegen::CompileOptions& options, int64_t rows = 4,
                                         const std::string& name = "w", int64_t before = 0) {
  std::vector<runtime::StateVariable> state;
  if (before > 0) state.push_back({"before", DType::float32, {before}});
  state.push_back({name, DType::float32, {3}});
  runtime::lay_out(state);
  ir::Module module;
  ir::Builder b(module);
  std::vector<ir::Argument> arguments{{name, {DType::float32, {3}}, ir::Role::state},
                                      {"x", {DType::float32, {rows, 3}}, ir::Role::batch}};
  std::vector<ir::Value> a = b.begin_function("step", arguments);
  std::vector<ir::Value> x{a[1]}, w{a[0]};
  auto y = b.create_one("tanh", x);
  auto bias =
      b.create_one("broadcast", w, {{"shape", std::vector<int64_t>{rows, 3}}, {"axes", std::vector<int64_t>{1}}});
  if (!y.ok() || !bias.ok()) return absl::InternalError("no ops");
  std::vector<ir::Value> both{*y, *bias};
  auto sum = b.create_one("add", both);
  if (!sum.ok()) return sum.status();
  std::vector<ir::Result> results{{*sum, "y", ir::Role::batch}};
  if (absl::Status status = b.end_function(results); !status.ok()) return status;
  return codegen::compile(std::move(module), state, options);
}

std::vector<float> run(runtime::Program program) {
  auto device = runtime::cpu_device();
  std::unique_ptr<runtime::Executable> executable = device->load(std::move(program));
  std::vector<float> w(16, 1.5f), x(12), y(12);
  for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i) / 8;
  std::vector<runtime::Buffer> segments{device->wrap(w.data(), 64), {}, {}};
  std::vector<runtime::Buffer> inputs{device->wrap(x.data(), 48)}, outputs{device->wrap(y.data(), 48)};
  std::vector<int64_t> rows{0, 1, 2, 3};
  executable->run(0, {.segments = segments.data(), .inputs = inputs, .outputs = outputs, .rows = rows});
  return y;
}

class CompileCache : public testing::Test {
 protected:
  CompileCache() { restart(); }
  ~CompileCache() override { runtime::set_program_cache(nullptr); }
  // As a new process would.
  void restart() {
    cache_ = std::make_shared<runtime::ProgramCache>(folder_ / "cache");
    runtime::set_program_cache(cache_);
  }
  void expect_counts(int64_t found, int64_t missed) {
    EXPECT_EQ(cache_->counts().found, found);
    EXPECT_EQ(cache_->counts().missed, missed);
    EXPECT_EQ(cache_->counts().stored, missed);
  }

  test::TemporaryFolder folder_;
  std::shared_ptr<runtime::ProgramCache> cache_;
};

TEST_F(CompileCache, CompilesTheSameOnce) {
  auto first = compile({});
  ASSERT_TRUE(first.ok()) << first.status();
  restart();
  auto second = compile({});
  ASSERT_TRUE(second.ok()) << second.status();
  expect_counts(1, 0);
  EXPECT_EQ(first->image, second->image);
  EXPECT_EQ(first->target, second->target);
  EXPECT_EQ(run(*first), run(*second));
}

TEST_F(CompileCache, TellsApartWhatChangesTheProgram) {
  ASSERT_TRUE(compile({.num_threads = 1}).ok());
  int64_t missed = 1;
  auto expect_missed = [&](auto&&... arguments) {
    ASSERT_TRUE(compile(arguments...).ok());
    expect_counts(0, ++missed);
  };
  expect_missed(codegen::CompileOptions{.num_threads = 2});
  expect_missed(codegen::CompileOptions{.num_threads = 1, .cpu = "x86-64-v2"});  // other features
  expect_missed(codegen::CompileOptions{.num_threads = 1, .work_worth_sharing = 1});
  expect_missed(codegen::CompileOptions{.num_threads = 1}, 5);            // another batch
  expect_missed(codegen::CompileOptions{.num_threads = 1}, 4, "v");       // another name of the variable
  expect_missed(codegen::CompileOptions{.num_threads = 1}, 4, "w", 20);   // the variable lies elsewhere
  expect_missed(codegen::CompileOptions{.num_threads = 1}, 4, "w", 100);
  ASSERT_TRUE(compile({.num_threads = 1}).ok());
  expect_counts(1, missed);
}

TEST_F(CompileCache, CompilesAnewWhatIsDamaged) {
  auto first = compile({});
  ASSERT_TRUE(first.ok()) << first.status();
  std::string path = std::filesystem::directory_iterator(cache_->folder())->path();
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  restart();
  auto second = compile({});
  ASSERT_TRUE(second.ok()) << second.status();
  expect_counts(0, 1);
  EXPECT_EQ(run(*first), run(*second));
  restart();
  ASSERT_TRUE(compile({}).ok());
  expect_counts(1, 0);
}

TEST_F(CompileCache, ShowsEveryStageToThoseWhoLook) {
  ASSERT_TRUE(compile({}).ok());
  ASSERT_TRUE(compile({.dump_dir = folder_ / "stages"}).ok());
  EXPECT_FALSE(std::filesystem::is_empty(folder_ / "stages"));
  expect_counts(0, 1);
}

TEST_F(CompileCache, WorksWithoutOne) {
  runtime::set_program_cache(nullptr);
  ASSERT_TRUE(compile({}).ok());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "cache"));
}

}  // namespace
}  // namespace hornbeam
