// A compiled program goes to a file and runs in a process that has the runtime and no compiler: the same results.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <unistd.h>

#include <gtest/gtest.h>
#include <hornbeam/runtime/package.h>
#include <hornbeam/runtime/state.h>

#include "codegen/compiler.h"

namespace hornbeam {
namespace {

ir::Value op(ir::Builder& b, const char* name, const std::vector<ir::Value>& operands, const ir::Attrs& attrs = {}) {
  absl::StatusOr<ir::Value> value = b.create_one(name, operands, attrs);
  if (!value.ok()) throw Error(std::string(value.status().message()));
  return *value;
}

// One step of a logistic unit on zeros: w [4, 3] and b [3] move by the gradient of the mean of softplus(x w + b).
runtime::Program compile_step() {
  std::vector<runtime::StateVariable> state{
      {"w", DType::float32, {4, 3}}, {"b", DType::float32, {3}}, {"count", DType::int64, {}}};
  runtime::lay_out(state);
  ir::Module module;
  ir::Builder builder(module);
  std::vector<ir::Argument> arguments{{"w", {DType::float32, {4, 3}}, ir::Role::state},
                                      {"b", {DType::float32, {3}}, ir::Role::state},
                                      {"count", {DType::int64, {}}, ir::Role::state},
                                      {"x", {DType::float32, {8, 4}}, ir::Role::batch}};
  std::vector<ir::Value> a = builder.begin_function("step", arguments);
  builder.begin_gradient();
  std::vector<int64_t> none;
  ir::Value y = op(builder, "dot", {a[3], a[0]},
                   {{"lhs_contract", std::vector<int64_t>{1}},
                    {"rhs_contract", std::vector<int64_t>{0}},
                    {"lhs_batch", none},
                    {"rhs_batch", none}});
  ir::Value bias =
      op(builder, "broadcast", {a[1]}, {{"shape", std::vector<int64_t>{8, 3}}, {"axes", std::vector<int64_t>{1}}});
  ir::Value loss = op(builder, "log1p", {op(builder, "exp", {op(builder, "add", {y, bias})})});
  loss = op(builder, "reduce_sum", {loss}, {{"axes", std::vector<int64_t>{0, 1}}});
  std::vector<ir::Value> wrt{a[0], a[1]};
  auto gradient = builder.end_gradient(loss, wrt, {});
  if (!gradient.ok()) throw Error(std::string(gradient.status().message()));
  ir::Value one = builder.constant(Array::scalar<int64_t>(1));
  std::vector<ir::Result> results{{op(builder, "subtract", {a[0], gradient->grads[0]}), "w", ir::Role::state},
                                  {op(builder, "subtract", {a[1], gradient->grads[1]}), "b", ir::Role::state},
                                  {op(builder, "add", {a[2], one}), "count", ir::Role::state}};
  absl::Status ended = builder.end_function(results);
  if (!ended.ok()) throw Error(std::string(ended.message()));
  absl::StatusOr<runtime::Program> program = codegen::compile(std::move(module), state);
  if (!program.ok()) throw Error(std::string(program.status().message()));
  return *program;
}

TEST(SavedProgram, RunsWithoutTheCompilerAsItDoesHere) {
  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("hornbeam_saved_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  runtime::Program program = compile_step();
  runtime::save(program, (folder / "step.hbp").string());

  runtime::State state(runtime::cpu_device(), program.state);
  auto executable = runtime::cpu_device()->load(program);
  std::vector<float> x(5 * 8 * 4, 0.0f);
  std::vector<int64_t> rows(5 * 8);
  for (size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<int64_t>(i);
  std::vector<runtime::Buffer> inputs{runtime::cpu_device()->wrap(x.data(), x.size() * sizeof(float))};
  state.segment(runtime::Segment::weights);
  executable->run("step", {.segments = state.segments(), .inputs = inputs, .rows = rows, .steps = 5});
  double sum = 0;
  Array read = state.read("b");
  for (float value : read.as<float>()) sum += value;
  double b = 0;  // of one column: its gradient is 8 rows' sigmoid(b), as x is zero
  for (int step = 0; step < 5; ++step) b -= 8 / (1 + std::exp(-b));
  ASSERT_NEAR(sum, 3 * b, 1e-4);
  char expected[64];
  std::snprintf(expected, sizeof expected, "state b float32 (3,) sum=%.9g\n", sum);

  std::string command = std::string(HORNBEAM_BUILD_DIR) + "/test/runtime_alone/runtime_alone " +
                        (folder / "step.hbp").string() + " step 5 > " + (folder / "out").string() + " 2>&1";
  int status = std::system(command.c_str());
  std::ostringstream text;
  text << std::ifstream(folder / "out").rdbuf();
  std::filesystem::remove_all(folder);
  ASSERT_EQ(status, 0) << text.str();
  EXPECT_NE(text.str().find(expected), std::string::npos) << text.str() << "expected: " << expected;
  EXPECT_NE(text.str().find("state count int64 () sum=5\n"), std::string::npos) << text.str();
}

}  // namespace
}  // namespace hornbeam
