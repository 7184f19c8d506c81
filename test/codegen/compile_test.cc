// compile(): from horn functions to a Program that runs.
#include <thread>

#include <hornbeam/base/philox.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codegen/compiler.h"
#include "image_support.h"

namespace hornbeam::test {
namespace {

using ir::Argument;
using ir::Result;
using ir::Role;
using ir::Value;

constexpr int64_t kBatch = 2, kIn = 5, kOut = 3;

Value create(ir::Builder& builder, std::string_view name, std::vector<Value> operands, const ir::Attrs& attrs = {}) {
  auto value = builder.create_one(name, operands, attrs);
  if (!value.ok()) ADD_FAILURE() << value.status();
  return value.value_or(Value());
}

Value scalar(ir::Builder& builder, float value, const Shape& shape) {
  Value constant = builder.constant(Array::scalar(value));
  return create(builder, "broadcast", {constant}, {{"shape", shape.dims()}, {"axes", std::vector<int64_t>{}}});
}

// train_step: w -= 0.125 xᵀ(x w − y), count += 1;  predict_step: x w.
ir::Module linear_regression() {
  ir::Module module;
  ir::Builder builder(module);
  ir::Type w{DType::float32, {kIn, kOut}}, x{DType::float32, {kBatch, kIn}}, y{DType::float32, {kBatch, kOut}};
  ir::Type count{DType::int32, {}};
  auto dot = [&](Value a, Value b, int64_t i, int64_t j) {
    return create(builder, "dot", {a, b},
                  {{"lhs_contract", std::vector<int64_t>{i}}, {"rhs_contract", std::vector<int64_t>{j}},
                   {"lhs_batch", std::vector<int64_t>{}}, {"rhs_batch", std::vector<int64_t>{}}});
  };
  {
    std::vector<Argument> arguments = {{"w", w, Role::state}, {"count", count, Role::state}, {"x", x}, {"y", y}};
    std::vector<Value> a = builder.begin_function("train_step", arguments);
    Value error = create(builder, "subtract", {dot(a[2], a[0], 1, 0), a[3]});
    Value step = create(builder, "multiply", {dot(a[2], error, 0, 0), scalar(builder, 0.125f, w.shape)});
    Value one = builder.constant(Array::scalar<int32_t>(1));
    std::vector<Result> results = {{create(builder, "subtract", {a[0], step}), "w"},
                                   {create(builder, "add", {a[1], one}), "count"}};
    EXPECT_TRUE(builder.end_function(results).ok());
  }
  {
    std::vector<Argument> arguments = {{"w", w, Role::state}, {"x", x}};
    std::vector<Value> a = builder.begin_function("predict_step", arguments);
    std::vector<Result> results = {{dot(a[1], a[0], 1, 0), "y", Role::batch}};
    EXPECT_TRUE(builder.end_function(results).ok());
  }
  return module;
}

std::vector<runtime::StateVariable> state() {
  std::vector<runtime::StateVariable> state = {{"w", DType::float32, {kIn, kOut}, runtime::Segment::weights},
                                               {"count", DType::int32, {}, runtime::Segment::slots}};
  runtime::lay_out(state);
  return state;
}

struct Buffers {
  alignas(64) float w[64] = {};
  alignas(64) int32_t count[16] = {};
  std::vector<char> arena;

  void call(const runtime::Program& program, const char* name, std::vector<const void*> ports, const int64_t* rows,
            int64_t steps) {
    LoadedImage image(program.image);
    const runtime::Entry* entry = program.find(name);
    ASSERT_NE(entry, nullptr);
    arena.assign(entry->arena_bytes + 64, 0);
    char* aligned = arena.data() + (64 - reinterpret_cast<uintptr_t>(arena.data()) % 64) % 64;
    std::vector<void*> buffers = {w, count, nullptr, aligned};
    for (const void* port : ports) buffers.push_back(const_cast<void*>(port));
    HornbeamCall call{};
    call.buffers = buffers.data();
    call.rows = rows;
    call.steps = steps;
    call.num_threads = 1;
    image.entry(entry->symbol)(&call);
  }
};

TEST(Compile, RunsStepsOverRowsWithStateInPlace) {
  auto program = codegen::compile(linear_regression(), state());
  ASSERT_TRUE(program.ok()) << program.status();
  const runtime::Entry* train = program->find("train_step");
  ASSERT_NE(train, nullptr);
  EXPECT_EQ(train->batch_size, kBatch);
  ASSERT_EQ(train->inputs.size(), 2u);
  EXPECT_EQ(train->inputs[0].shape, (Shape{kBatch, kIn}));
  EXPECT_EQ(program->state.size(), 2u);

  float x[7][kIn], y[7][kOut];
  for (int64_t i = 0; i < 7; ++i) {
    for (int64_t j = 0; j < kIn; ++j) x[i][j] = unit_float(static_cast<uint32_t>((i * kIn + j) * 2654435761u));
    for (int64_t j = 0; j < kOut; ++j) y[i][j] = static_cast<float>(i - j);
  }
  const int64_t rows[] = {6, 0, 3, 3, 1, 5};
  Buffers run;
  run.call(*program, "train_step", {x, y}, rows, 3);

  double w[kIn][kOut] = {};
  for (int64_t step = 0; step < 3; ++step) {
    double gradient[kIn][kOut] = {};
    for (int64_t b = 0; b < kBatch; ++b)
      for (int64_t j = 0; j < kOut; ++j) {
        int64_t row = rows[step * kBatch + b];
        double error = -y[row][j];
        for (int64_t i = 0; i < kIn; ++i) error += x[row][i] * w[i][j];
        for (int64_t i = 0; i < kIn; ++i) gradient[i][j] += x[row][i] * error;
      }
    for (int64_t i = 0; i < kIn; ++i)
      for (int64_t j = 0; j < kOut; ++j) w[i][j] -= 0.125 * gradient[i][j];
  }
  for (int64_t i = 0; i < kIn; ++i)
    for (int64_t j = 0; j < kOut; ++j) EXPECT_NEAR(run.w[i * kOut + j], w[i][j], 1e-5) << i << ", " << j;
  EXPECT_EQ(run.count[0], 3);

  float predicted[4][kOut] = {};
  const int64_t order[] = {2, 4, 6, 0};
  run.call(*program, "predict_step", {x, predicted}, order, 2);
  for (int64_t b = 0; b < 4; ++b)
    for (int64_t j = 0; j < kOut; ++j) {
      double exact = 0;
      for (int64_t i = 0; i < kIn; ++i) exact += x[order[b]][i] * w[i][j];
      EXPECT_NEAR(predicted[b][j], exact, 1e-5) << b << ", " << j;
    }
}

TEST(Compile, GivesTheSameImageTwice) {
  auto first = codegen::compile(linear_regression(), state()), second = codegen::compile(linear_regression(), state());
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->image, second->image);
  EXPECT_EQ(first->target, second->target);
}

TEST(Compile, NamesAStateVariableThatIsNotLaidOut) {
  auto variables = state();
  variables.erase(variables.begin());
  auto program = codegen::compile(linear_regression(), variables);
  ASSERT_FALSE(program.ok());
  EXPECT_THAT(program.status().message(), ::testing::HasSubstr("w"));
}

TEST(Compile, MayRunInSeveralThreads) {
  std::vector<std::thread> workers;
  std::vector<std::string> images(3);
  for (std::string& image : images)
    workers.emplace_back([&image] {
      auto program = codegen::compile(linear_regression(), state());
      if (program.ok()) image = program->image;
    });
  for (std::thread& worker : workers) worker.join();
  EXPECT_FALSE(images[0].empty());
  EXPECT_EQ(images[0], images[1]);
  EXPECT_EQ(images[0], images[2]);
}

}  // namespace
}  // namespace hornbeam::test
