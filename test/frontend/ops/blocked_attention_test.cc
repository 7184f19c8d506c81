// Attention in blocks of rows: equal to the plain way, in results and gradients, and far smaller in memory.
#include <gtest/gtest.h>
#include <hornbeam/flash_attention.h>
#include <hornbeam/gradient.h>
#include <hornbeam/layers/attention.h>
#include <hornbeam/layers/group_query_attention.h>
#include <hornbeam/layers/multi_head_attention.h>
#include <hornbeam/ops.h>
#include <hornbeam/ops/attention.h>
#include <hornbeam/runtime/device.h>
#include <hornbeam/runtime/state.h>

#include "codegen/compiler.h"
#include "frontend/src/mask.h"
#include "frontend/src/trace/trace.h"
#include "frontend/src/trace/trace_function.h"
#include "test/frontend/arrays_support.h"
#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using testing::evaluated;
using testing::expect_error;
using testing::random_array;
using Function = std::function<Tensors(const Tensors&)>;

// By native code; `arena` is told how much memory all temporaries take.
std::vector<Array> compiled(const Function& function, const Arrays& inputs, const std::vector<Variable>& variables = {},
                            int64_t* arena = nullptr, bool run = true) {
  trace::TracedFunction traced = trace::trace_function(function, inputs, variables);
  std::vector<runtime::StateVariable> places;
  for (const ir::Argument& argument : traced.signature)
    places.push_back({argument.name, argument.type.dtype, argument.type.shape, runtime::Segment::weights, 0});
  runtime::State state(runtime::cpu_device(), places);
  runtime::Program program = trace::unwrap(codegen::compile(std::move(traced.module), state.variables()));
  if (arena) *arena = program.entries.at(0).arena_bytes;
  if (!run) return {};
  state.segment(runtime::Segment::weights);
  for (size_t i = 0; i < traced.arguments.size(); ++i) state.write(traced.signature[i].name, traced.arguments[i]);
  std::unique_ptr<runtime::Executable> executable = runtime::cpu_device()->load(std::move(program));
  std::vector<Array> results;
  std::vector<runtime::Buffer> buffers;
  for (const runtime::Port& port : executable->program().entries.at(0).outputs) {
    results.emplace_back(port.dtype, port.shape);
    buffers.push_back(runtime::cpu_device()->wrap(results.back().mutable_data(), results.back().bytes()));
  }
  executable->run(0, {.segments = state.segments(), .inputs = {}, .outputs = buffers});
  results.resize(traced.num_outputs);
  return results;
}

void expect_near(const std::vector<Array>& a, const std::vector<Array>& b, double tolerance) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(a[i].shape(), b[i].shape()) << i;
    double worst = 0;
    for (int64_t k = 0; k < a[i].num_elements(); ++k)
      worst = std::max(worst, std::abs(a[i].get(k) - b[i].get(k)) / (1 + std::abs(b[i].get(k))));
    EXPECT_LE(worst, tolerance) << "result " << i;
  }
}

// The output and the gradients of its product with the last input, by all inputs before `floats`.
Function with_gradients(const std::function<Tensor(const std::vector<Tensor>&)>& attention, size_t floats) {
  return [=](const Tensors& inputs) {
    std::vector<Tensor> xs = inputs.flat(), wrt(xs.begin(), xs.begin() + static_cast<int64_t>(floats));
    Gradient gradient = value_and_grad(
        [&](const std::vector<Tensor>&) {
          Tensor y = attention(xs);
          return std::vector<Tensor>{
              ops::sum(y * ops::reshape(ops::sin(ops::cast(ops::arange(0, y.shape()[1]), DType::float32)),
                                        {1, y.shape()[1], 1, 1})),
              y};
        },
        wrt);
    std::vector<Tensor> results = gradient.aux;
    results.insert(results.end(), gradient.grads.begin(), gradient.grads.end());
    return Tensors(results);
  };
}

struct Sizes {
  int64_t batch, t, s, heads, shared;
  bool causal, mask, bias;
};

class BlockedAttention : public ::testing::TestWithParam<Sizes> {};

TEST_P(BlockedAttention, GivesWhatThePlainWayGives) {
  const Sizes z = GetParam();
  Array mask(DType::boolean, Shape{z.batch, 1, z.t, z.s});
  for (int64_t i = 0; i < mask.num_elements(); ++i) mask.set(i, i * 7919 % 5 != 0);
  Arrays inputs(
      std::vector<Array>{random_array({z.batch, z.t, z.heads, 6}, 1), random_array({z.batch, z.s, z.shared, 6}, 2),
                         random_array({z.batch, z.s, z.shared, 6}, 3), random_array({z.heads, 1, z.s}, 4), mask});
  auto function = [&](bool flash) {
    return with_gradients(
        [=](const std::vector<Tensor>& x) {
          return ops::dot_product_attention(x[0], x[1], x[2], z.bias ? x[3] : Tensor(), z.mask ? x[4] : Tensor(), {},
                                            z.causal, flash);
        },
        z.bias ? 4 : 3);
  };
  std::vector<Array> plain = compiled(function(false), inputs);
  expect_near(compiled(function(true), inputs), plain, 2e-5);
  if (z.t * z.s < 10000) expect_near(evaluated(function(true), inputs), plain, 2e-5);
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, BlockedAttention,
    ::testing::Values(Sizes{1, 5, 7, 1, 1, false, false, false}, Sizes{2, 40, 33, 2, 2, false, true, false},
                      Sizes{2, 300, 300, 2, 1, true, false, false}, Sizes{1, 129, 300, 2, 2, false, true, true},
                      Sizes{3, 256, 200, 1, 1, true, true, true}),
    [](const ::testing::TestParamInfo<Sizes>& info) { return "case" + std::to_string(info.index); });

TEST(BlockedAttention, StaysFarBelowTheScoresInMemory) {
  const int64_t length = 8192, scores = length * length * 4;
  Arrays inputs(std::vector<Array>{Array(DType::float32, Shape{1, length, 1, 32}),
                                   Array(DType::float32, Shape{1, length, 1, 32}),
                                   Array(DType::float32, Shape{1, length, 1, 32})});
  auto function = [](std::optional<bool> flash) {
    return with_gradients(
        [=](const std::vector<Tensor>& x) {
          return ops::dot_product_attention(x[0], x[1], x[2], {}, {}, {}, true, flash);
        },
        3);
  };
  int64_t arena = 0;
  compiled(function({}), inputs, {}, &arena, false);
  EXPECT_LT(arena, scores / 10);
  compiled(function(false), inputs, {}, &arena, false);
  EXPECT_GE(arena, scores);
}

TEST(BlockedAttention, TakesALayersMasks) {
  const Shape shape{2, 150, 8};
  Array x = random_array(shape, 1), steps(DType::boolean, Shape{2, 150});
  for (int64_t i = 0; i < steps.num_elements(); ++i) steps.set(i, i % 150 < 120 + i / 150 * 10);
  auto run = [&](bool flash) {
    layers::MultiHeadAttention heads({.num_heads = 2, .key_dim = 4, .sliding_window = 9, .flash_attention = flash});
    layers::GroupQueryAttention grouped(
        {.head_dim = 4, .num_query_heads = 4, .num_key_value_heads = 2, .flash_attention = flash});
    std::vector<Array> results;
    for (Layer* layer : {static_cast<Layer*>(&heads), static_cast<Layer*>(&grouped)}) {
      layer->ensure_built(Shapes({shape, shape}));
      uint32_t seed = 5;
      for (Variable& variable : layer->weights()) variable.assign(random_array(variable.shape(), seed++));
      std::vector<Array> one = compiled(
          [&](const Tensors& inputs) {
            Tensor masked = with_mask(inputs[0], inputs[1]);
            return layer->invoke(Tensors({masked, masked}), {.options = Config::object({{"use_causal_mask", true}})});
          },
          Arrays(std::vector<Array>{x, steps}), layer->variables());
      results.push_back(one.at(0));
    }
    return results;
  };
  expect_near(run(true), run(false), 2e-5);
}

TEST(BlockedAttention, DropsScoresInTraining) {
  // Values of 1: what comes out is the sum of the weights that were not dropped, which is 1 on average.
  const Shape shape{1, 1024, 3};
  layers::Attention layer({.dropout = 0.4, .seed = 3});
  layer.ensure_built(Shapes({shape, shape}));
  Array ones(DType::float32, shape);
  for (int64_t i = 0; i < ones.num_elements(); ++i) ones.set(i, 1);
  int64_t arena = 0;
  Array y = compiled([&](const Tensors& x) { return layer.invoke(x, {.training = true}); },
                     Arrays(std::vector<Array>{random_array(shape, 1), ones}), layer.variables(), &arena)
                .at(0);
  EXPECT_LT(arena, 1024 * 1024 * 4);
  double sum = 0, squares = 0;
  for (int64_t i = 0; i < y.num_elements(); ++i) sum += y.get(i), squares += y.get(i) * y.get(i);
  const double n = static_cast<double>(y.num_elements()), mean = sum / n;
  EXPECT_NEAR(mean, 1, 0.01);
  EXPECT_GT(squares / n - mean * mean, 1e-5);
}

TEST(BlockedAttention, IsSwitchedOffAndOn) {
  EXPECT_EQ(is_flash_attention_enabled(), std::nullopt);
  auto arena_of = [] {
    Arrays inputs(
        std::vector<Array>{Array(DType::float32, Shape{1, 2048, 1, 4}), Array(DType::float32, Shape{1, 2048, 1, 4})});
    int64_t arena = 0;
    compiled([](const Tensors& x) -> Tensors { return ops::dot_product_attention(x[0], x[1], x[1]); }, inputs, {},
             &arena, false);
    return arena;
  };
  disable_flash_attention();
  EXPECT_EQ(is_flash_attention_enabled(), std::optional<bool>(false));
  EXPECT_GE(arena_of(), 2048 * 2048 * 4);
  enable_flash_attention();
  EXPECT_EQ(is_flash_attention_enabled(), std::nullopt);
  EXPECT_LT(arena_of(), 2048 * 2048);
}

TEST(BlockedAttention, RefusesWhatKerasRefuses) {
  expect_error(
      [] { layers::MultiHeadAttention({.num_heads = 1, .key_dim = 2, .dropout = 0.1, .flash_attention = true}); },
      "Dropout is not supported when flash attention is enabled");
  layers::MultiHeadAttention layer({.num_heads = 1, .key_dim = 2, .flash_attention = true});
  layer.ensure_built(Shapes({{1, 3, 2}, {1, 3, 2}}));
  Array x = random_array({1, 3, 2}, 1);
  expect_error(
      [&] {
        evaluated(
            [&](const Tensors& xs) {
              return layer.invoke(xs, {.options = Config::object({{"return_attention_scores", true}})});
            },
            Arrays(std::vector<Array>{x, x}), layer.variables());
      },
      "Returning attention scores is not supported");
}

}  // namespace
}  // namespace hornbeam
