// A batch whose activations would not stay in the caches is computed in parts: the same rows come out, whatever the parts.
#include <gtest/gtest.h>
#include <hornbeam/runtime/device.h>

#include "codegen/compiler.h"
#include "compiled_support.h"

namespace hornbeam::test {
namespace {

using List = std::vector<int64_t>;
using Values = std::vector<ir::Value>;

ir::Value op(ir::Builder& b, const char* name, const Values& operands, const ir::Attrs& attrs = {}) {
  absl::StatusOr<ir::Value> value = b.create_one(name, operands, attrs);
  if (!value.ok()) throw Error(std::string(value.status().message()));
  return *value;
}

// A picture of 1 MB, a pool, a depthwise convolution, a normalization by weights and the means of each channel.
constexpr int64_t kSize = 128, kChannels = 16;

std::vector<ir::Value> network(ir::Builder& b, ir::Value kernel, ir::Value scale, ir::Value x) {
  int64_t n = x.type().shape[0];
  ir::Value y = op(b, "relu", {op(b, "conv", {x, kernel},
                                  {{"strides", List{1, 1}},
                                   {"padding", List{1, 1, 1, 1}},
                                   {"dilation", List{1, 1}},
                                   {"groups", kChannels}})});
  ir::Value factor = op(b, "broadcast", {op(b, "rsqrt", {scale})},
                        {{"shape", List{n, kSize, kSize, kChannels}}, {"axes", List{3}}});
  y = op(b, "multiply", {y, factor});
  y = op(b, "max_pool", {y}, {{"window", List{2, 2}}, {"strides", List{2, 2}}, {"padding", List{0, 0, 0, 0}}});
  ir::Value flat = op(b, "reshape", {y}, {{"shape", List{n, kSize * kSize / 4, kChannels}}});
  return {op(b, "reduce_max", {flat}, {{"axes", List{1}}}), op(b, "argmax", {flat}, {{"axis", int64_t{1}}})};
}

// Outputs of `rows` pictures, those of the numbers given, in steps of a batch.
std::vector<Array> predict(const std::vector<Array>& arguments, int64_t batch, const List& numbers, int threads) {
  std::vector<runtime::StateVariable> state{{"kernel", DType::float32, arguments[0].shape()},
                                            {"scale", DType::float32, arguments[1].shape()}};
  int64_t bytes = runtime::lay_out(state)[0];
  ir::Module module;
  ir::Builder b(module);
  Shape shape({batch, kSize, kSize, kChannels});
  Values a = b.begin_function("predict", std::vector<ir::Argument>{
                                             {"kernel", {DType::float32, state[0].shape}, ir::Role::state},
                                             {"scale", {DType::float32, state[1].shape}, ir::Role::state},
                                             {"x", {DType::float32, shape}, ir::Role::batch}});
  Values y = network(b, a[0], a[1], a[2]);
  std::vector<ir::Result> results{{y[0], "most", ir::Role::batch}, {y[1], "where", ir::Role::batch}};
  if (absl::Status status = b.end_function(results); !status.ok()) throw Error(std::string(status.message()));
  auto program = codegen::compile(std::move(module), state, {.num_threads = threads, .work_worth_sharing = 1});
  if (!program.ok()) throw Error(std::string(program.status().message()));
  EXPECT_EQ(program->entries[0].batch_size, batch);
  EXPECT_EQ(program->entries[0].inputs[0].shape, shape);
  EXPECT_EQ(program->entries[0].outputs[0].shape, Shape({batch, kChannels}));

  // The pictures of a part, not of the batch.
  int64_t picture = kSize * kSize * kChannels * 4;
  if (batch > 20) EXPECT_LT(program->entries[0].arena_bytes, 16 * picture);

  auto device = runtime::cpu_device();
  auto executable = device->load(*std::move(program));
  std::vector<runtime::Buffer> segments{device->allocate(static_cast<size_t>(bytes)), {}, {}};
  for (int i = 0; i < 2; ++i)
    device->copy_in(segments[0], static_cast<size_t>(state[i].offset), arguments[i].data(), arguments[i].bytes());
  Array x = arguments[2];
  int64_t rows = static_cast<int64_t>(numbers.size());
  std::vector<Array> outputs{Array(DType::float32, {rows, kChannels}), Array(DType::int32, {rows, kChannels})};
  std::vector<runtime::Buffer> in{device->wrap(x.mutable_data(), x.bytes())}, out;
  for (Array& output : outputs) out.push_back(device->wrap(output.mutable_data(), output.bytes()));
  executable->run(0, {.segments = segments.data(), .inputs = in, .outputs = out, .rows = numbers, .steps = rows / batch});
  return outputs;
}

TEST(SplitBatch, EqualsTheReference) {
  auto arguments = random_arguments({{DType::float32, Shape({3, 3, 1, kChannels})},
                                     {DType::float32, Shape({kChannels})},
                                     {DType::float32, Shape({5, kSize, kSize, kChannels})}},
                                    3);
  for (float& scale : arguments[1].mutable_as<float>()) scale = std::abs(scale) + 0.5f;
  List numbers(48);
  for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<int64_t>(i * 3 % 5);
  Function function{{}, [](ir::Builder& b, const Values& a) { return network(b, a[0], a[1], a[2]); }};
  for (const Array& argument : arguments) function.arguments.push_back({argument.dtype(), argument.shape()});
  std::vector<Array> pictures = evaluate(function, arguments), expected = {Array(DType::float32, {48, kChannels}),
                                                                          Array(DType::int32, {48, kChannels})};
  for (size_t i = 0; i < numbers.size(); ++i)
    for (size_t j = 0; j < kChannels; ++j) {
      size_t from = static_cast<size_t>(numbers[i]) * kChannels + j, to = i * kChannels + j;
      expected[0].mutable_as<float>()[to] = pictures[0].as<float>()[from];
      expected[1].mutable_as<int32_t>()[to] = pictures[1].as<int32_t>()[from];
    }
  // 24 pictures are a step, in parts; the results of two steps lie behind each other.
  for (int64_t batch : {1, 24, 48})
    for (int threads : {1, 2})
      EXPECT_EQ(difference(predict(arguments, batch, numbers, threads), expected, 1e-5, 1e-5), "")
          << "batch " << batch << ", threads " << threads;
}

}  // namespace
}  // namespace hornbeam::test
