// Rematerialization changes nothing that a gradient gives, and lowers what a program needs beside its state: the bytes of
// the arena that the compiler plans.
#include <gtest/gtest.h>
#include <hornbeam/function.h>
#include <hornbeam/gradient.h>
#include <hornbeam/input.h>
#include <hornbeam/layers/conv.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/dropout.h>
#include <hornbeam/layers/flatten.h>
#include <hornbeam/ops.h>
#include <hornbeam/optimizers/sgd.h>
#include <hornbeam/remat.h>
#include <hornbeam/runtime/state.h>
#include <hornbeam/sequential.h>

#include <cmath>
#include <cstdio>
#include <optional>

#include "codegen/compiler.h"
#include "frontend/src/trace/trace_function.h"

namespace hornbeam {
namespace {

using layers::Dense;

Array numbers(const Shape& shape, double scale = 1.0) {
  Array array(DType::float32, shape);
  for (int64_t i = 0; i < array.num_elements(); ++i) array.set(i, std::sin(scale * static_cast<double>(i)));
  return array;
}

// Blocks of layers of 64 units on 256 rows, made anew with the same weights.
Sequential blocks(int count, const std::optional<RematOptions>& options) {
  set_random_seed(7);
  clear_session();
  std::optional<RematScope> scope;
  if (options) scope.emplace(*options);
  std::vector<SequentialItem> layers;
  for (int i = 0; i < count; ++i)
    layers.push_back(Sequential({Dense({.units = 64, .activation = "gelu"}), Dense({.units = 64, .activation = "tanh"})},
                                "block_" + std::to_string(i)));
  Sequential all(layers, "all");
  scope.reset();
  all(Tensor(numbers({1, 64})));
  return all;
}

struct Outcome {
  std::vector<Array> values;  // the loss, the gradients
  int64_t arena_bytes = 0;
};

Outcome differentiate(const Sequential& model) {
  Array x = numbers({256, 64}, 0.1);
  std::vector<Variable> weights = model.trainable_weights();
  auto gradients = [&](const Tensor& x) {
    Gradient g = value_and_grad([&] { return ops::mean(ops::square(model(x, {.training = true}).single())); }, weights);
    std::vector<Tensor> all{g.value};
    all.insert(all.end(), g.grads.begin(), g.grads.end());
    return all;
  };
  trace::TracedFunction f =
      trace::trace_function([&](const Tensors& x) { return Tensors(gradients(x.single())); }, x, model.variables());
  Outcome out;
  std::vector<runtime::StateVariable> layout;
  for (const ir::Argument& argument : f.signature)
    layout.push_back({argument.name, argument.type.dtype, argument.type.shape, runtime::Segment::weights, 0});
  runtime::lay_out(layout);
  auto program = codegen::compile(std::move(f.module), layout, {.num_threads = 1});
  EXPECT_TRUE(program.ok()) << program.status();
  out.arena_bytes = program->entries.at(0).arena_bytes;
  for (const Tensor& value : function(gradients)(x)) out.values.push_back(value.array());
  return out;
}

void expect_near(const std::vector<Array>& a, const std::vector<Array>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i)
    for (int64_t j = 0; j < a[i].num_elements(); ++j)
      ASSERT_NEAR(a[i].get(j), b[i].get(j), 1e-6 + 1e-5 * std::abs(b[i].get(j))) << i << ", " << j;
}

TEST(Remat, OfBlocksLowersTheArena) {
  const Outcome plain = differentiate(blocks(8, {}));
  const Outcome full = differentiate(blocks(8, RematOptions{.mode = "full"}));
  expect_near(full.values, plain.values);
  std::printf("arena bytes: %lld, rematerialized by blocks %lld\n", static_cast<long long>(plain.arena_bytes),
              static_cast<long long>(full.arena_bytes));
  EXPECT_LT(full.arena_bytes, plain.arena_bytes * 6 / 10);
}

TEST(Remat, OfChosenLayers) {
  const Outcome plain = differentiate(blocks(8, {}));
  for (const RematOptions& options :
       {RematOptions{.mode = "list_of_layers", .layer_names = {"block_0", "block_1", "block_2", "block_3"}},
        RematOptions{.mode = "larger_than", .output_size_threshold = 1000}, RematOptions{.mode = "activations"}}) {
    SCOPED_TRACE(options.mode);
    const Outcome some = differentiate(blocks(8, options));
    expect_near(some.values, plain.values);
    std::printf("%s: %lld\n", options.mode.c_str(), static_cast<long long>(some.arena_bytes));
    if (options.mode == "activations")  // kernels compute them again anyway, and keep what that takes
      EXPECT_LE(some.arena_bytes, plain.arena_bytes * 12 / 10);
    else EXPECT_LT(some.arena_bytes, plain.arena_bytes);
  }
  const Outcome none = differentiate(blocks(8, RematOptions{.mode = "larger_than", .output_size_threshold = 1 << 20}));
  EXPECT_EQ(none.arena_bytes, plain.arena_bytes);
  EXPECT_THROW(RematScope("some"), ValueError);
}

// The compiled step gives the same as without, dropout's random numbers, losses and masks included.
TEST(Remat, TrainsTheSame) {
  auto train = [](bool rematerialized) {
    set_random_seed(1);
    clear_session();
    std::optional<RematScope> scope;
    if (rematerialized) scope.emplace("full");
    Sequential model({Input({8, 8, 2}), layers::Conv2D({.filters = 4, .kernel_size = 3, .activation = "relu"}),
                      layers::Flatten(), layers::Dropout({.rate = 0.3, .seed = 2}),
                      Dense({.units = 5, .activation = "softmax", .activity_regularizer = "l2"})});
    model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1}), .loss = "categorical_crossentropy",
                   .steps_per_execution = 3});
    History history =
        model.fit(numbers({32, 8, 8, 2}), ops::softmax(Tensor(numbers({32, 5}))).array(),
                  {.epochs = 2, .batch_size = 8, .verbose = 0, .seed = 4});
    std::vector<Array> weights = model.get_weights();
    weights.push_back(Array::of<double>({2}, {history["loss"][0], history["loss"][1]}));
    return weights;
  };
  std::vector<Array> a = train(false), b = train(true);
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i)
    for (int64_t j = 0; j < a[i].num_elements(); ++j) EXPECT_NEAR(a[i].get(j), b[i].get(j), 1e-6);
}

TEST(Remat, OfAFunction) {
  Array x = numbers({4, 4});
  auto f = [](const Tensor& x) { return ops::sum(ops::tanh(ops::matmul(x, x)) * ops::exp(x)); };
  auto plain = grad([&](const std::vector<Tensor>& x) { return f(x[0]); }, {x})[0].array();
  auto again = grad([&](const std::vector<Tensor>& x) { return remat(f)(x[0]); }, {x})[0].array();
  auto nested = grad([&](const std::vector<Tensor>& x) { return remat([&](const Tensor& y) { return remat(f)(y); })(x[0]); },
                     {x})[0].array();
  for (int64_t i = 0; i < 16; ++i) {
    EXPECT_NEAR(again.get(i), plain.get(i), 1e-6);
    EXPECT_NEAR(nested.get(i), plain.get(i), 1e-6);
  }
  // Second derivatives, and structures.
  auto pair = remat([](const Tensor& x, const Tensor& y) { return std::pair(x * y, Tensors{x, y}); });
  auto second = [&](const std::vector<Tensor>& x) {
    return ops::sum(grad([&](const std::vector<Tensor>& y) { return ops::sum(pair(y[0], y[0]).first * y[0]); }, x)[0]);
  };
  EXPECT_NEAR(grad(second, {Array::of<float>({1}, {2})})[0].array().get(0), 12.0, 1e-5);
}

}  // namespace
}  // namespace hornbeam
