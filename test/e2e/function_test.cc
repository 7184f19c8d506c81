// Compiled functions, gradients outside of a trace, and training loops of one's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/function.h>
#include <hornbeam/input.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/dropout.h>
#include <hornbeam/losses/mean_squared_error.h>
#include <hornbeam/metrics/mean.h>
#include <hornbeam/ops.h>
#include <hornbeam/ops/custom_gradient.h>
#include <hornbeam/ops/loops.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/optimizers/sgd.h>
#include <hornbeam/print.h>
#include <hornbeam/sequential.h>

#include <cmath>
#include <cstring>
#include <sstream>

namespace hornbeam::e2e {
namespace {

using layers::Dense;

Array numbers(const Shape& shape, double scale = 1.0, double shift = 0.0) {
  Array array(DType::float32, shape);
  for (int64_t i = 0; i < array.num_elements(); ++i) array.set(i, std::sin(scale * static_cast<double>(i) + shift));
  return array;
}

TEST(Function, IsCompiledOnceForEachShapeAndDtype) {
  int traced = 0;
  auto f = function([&](const Tensor& x, const Tensor& y) {
    ++traced;
    return ops::sum(x * y, -1);
  });
  Array x = numbers({4, 3}), y = numbers({4, 3}, 2.0);
  Tensor z = f(x, y);
  ASSERT_EQ(z.shape(), Shape({4}));
  for (int64_t row = 0; row < 4; ++row) {
    double expected = 0;
    for (int64_t i = 0; i < 3; ++i) expected += x.get(3 * row + i) * y.get(3 * row + i);
    EXPECT_NEAR(z.array().get(row), expected, 1e-6);
  }
  const int once = traced;
  f(y, x);
  EXPECT_EQ(traced, once);
  EXPECT_EQ(f.num_traces(), 1u);
  EXPECT_EQ(f(numbers({2, 3}), numbers({2, 3})).shape(), Shape({2}));
  EXPECT_EQ(f.num_traces(), 2u);
  EXPECT_EQ(f(x.cast(DType::int32), y.cast(DType::int32)).dtype(), DType::int32);
  EXPECT_EQ(f.num_traces(), 3u);
  f(x, y);
  EXPECT_EQ(f.num_traces(), 3u);
  EXPECT_EQ(f.num_programs(), 3u);
}

TEST(Function, KeepsABoundedNumberOfPrograms) {
  auto f = function([](const Tensor& x) { return x + 1.0; }, {.max_programs = 2});
  for (int64_t n : {1, 2, 3, 3, 2}) f(numbers({n}));
  EXPECT_EQ(f.num_programs(), 2u);
  EXPECT_EQ(f.num_traces(), 3u);
  f(numbers({1}));  // was dropped
  EXPECT_EQ(f.num_traces(), 4u);
  EXPECT_THROW(function([](const Tensor& x) { return x; }, {.max_programs = 0}), ValueError);
}

TEST(Function, TakesAndGivesStructures) {
  auto f = function([](const Tensors& inputs, const Tensor&) { return std::pair(inputs["a"] + inputs["b"], Tensors{inputs["a"], inputs["b"]}); });
  auto [sum, both] = f(Tensors{{"a", Tensor(numbers({2}))}, {"b", Tensor(numbers({2}, 3.0))}}, 1.0);
  EXPECT_NEAR(sum.array().get(1), std::sin(1.0) + std::sin(3.0), 1e-6);
  ASSERT_EQ(both.size(), 2u);
  EXPECT_NEAR(both[1].array().get(1), std::sin(3.0), 1e-6);
  auto scalar = function([](const Tensor& x) { return std::vector<Tensor>{x * 2.0, ops::cast(x, DType::int32)}; });
  std::vector<Tensor> results = scalar(2.5);
  EXPECT_EQ(results[0].shape(), Shape());
  EXPECT_EQ(results[0].array().get(0), 5.0);
  EXPECT_EQ(results[1].array().get(0), 2.0);
}

TEST(Function, AssignsVariablesAndSharesThem) {
  Variable total(Array::scalar(0.0f), "total");
  auto add = function([&](const Tensor& x) { total.assign_add(ops::sum(x)); });
  auto twice = function([&] {
    total.assign(total * 2.0);
    return Tensor(total);
  });
  add(Array::of<float>({2}, {1, 2}));
  EXPECT_EQ(total.value().get(0), 3.0);
  EXPECT_EQ(twice().array().get(0), 6.0);
  total.assign(1.0);  // from the host
  add(Array::of<float>({3}, {1, 1, 1}));
  EXPECT_EQ(twice().array().get(0), 8.0);
  EXPECT_EQ(add.num_traces(), 2u);
  auto nothing = function([] {});
  nothing();
  nothing();
}

TEST(Function, RunsInsideOthersAndOnSymbolicTensors) {
  auto square = function([](const Tensor& x) { return x * x; });
  auto f = function([&](const Tensor& x) { return square(x) + 1.0; });
  EXPECT_EQ(f(3.0).array().get(0), 10.0);
  EXPECT_EQ(square.num_traces(), 0u);
  Tensor input = Input({2});
  Model model(input, square(input));
  EXPECT_EQ(model.predict(Array::of<float>({1, 2}, {2, 3}), {.verbose = 0})[0].get(1), 9.0f);
}

// A loop of one's own ends where fit ends.
TEST(Function, TrainsAsFitDoes) {
  Array x = numbers({48, 3}), y = numbers({48, 2}, 0.7, 1.0);
  auto make = [] {
    set_random_seed(5);
    clear_session();
    return Sequential({Input({3}), Dense({.units = 8, .activation = "tanh"}), layers::Dropout({.rate = 0.2, .seed = 1}),
                       Dense({.units = 2})});
  };
  Sequential fitted = make();
  fitted.compile({.optimizer = optimizers::Adam({.learning_rate = 0.02}), .loss = "mse"});
  History history = fitted.fit(x, y, {.epochs = 3, .batch_size = 8, .verbose = 0, .shuffle = false});

  Sequential model = make();
  optimizers::Adam adam({.learning_rate = 0.02});
  losses::MeanSquaredError mse({});
  metrics::Mean loss({.name = "loss"});
  auto step = function([&](const Tensor& x, const Tensor& y) {
    Gradient g = value_and_grad([&] { return mse(y, model(x, {.training = true}).single()); }, model.trainable_weights());
    adam.apply_gradients(g.grads, model.trainable_weights());
    loss.update_state(g.value);
    return g.value;
  });
  auto error = function([&](const Tensor& x, const Tensor& y) { return mse(y, model(x).single()); });
  for (int epoch = 0; epoch < 3; ++epoch) {
    loss.reset_state();
    for (int64_t row = 0; row < 48; row += 8) step(x.rows(row, row + 8), y.rows(row, row + 8));
    EXPECT_NEAR(loss.result().array().get(0), history["loss"][epoch], 1e-6);
    EXPECT_GT(error(x, y).array().get(0), 0.0);
  }
  EXPECT_EQ(step.num_traces(), 1u);
  std::vector<Array> got = model.get_weights(), expected = fitted.get_weights();
  for (size_t i = 0; i < got.size(); ++i)
    for (int64_t j = 0; j < got[i].num_elements(); ++j) EXPECT_NEAR(got[i].get(j), expected[i].get(j), 1e-6);
  EXPECT_EQ(adam.iterations().value().get(0), 18.0);
  // And fit goes on with the same weights.
  model.compile({.loss = "mse"});
  EXPECT_NEAR(model.evaluate(x, y, {.verbose = 0})["loss"], error(x, y).array().get(0), 1e-6);
}

TEST(Function, ThrowsBeforeItChangesAnything) {
  Variable total(Array::scalar(1.0f), "total");
  auto f = function([&](const Tensor& x) {
    total.assign_add(1.0);
    return ops::matmul(x, x);
  });
  EXPECT_THROW(f(numbers({2, 3})), ValueError);
  EXPECT_EQ(total.value().get(0), 1.0);
  EXPECT_EQ(f.num_programs(), 0u);
  f(numbers({2, 2}));
  EXPECT_EQ(total.value().get(0), 2.0);
  EXPECT_THROW(f(Tensor()), ValueError);
}

// ---- Gradients
TEST(Gradients, OfConcreteTensorsAndVariables) {
  Array x = Array::of<float>({3}, {1, 2, 3});
  auto cube = [](const std::vector<Tensor>& x) { return ops::sum(x[0] * x[0] * x[0]); };
  EXPECT_EQ(grad(cube, {x})[0].array().get(2), 27.0);
  Variable w(x, "w", true);
  Gradient g = value_and_grad([&] { return ops::sum(w * w * 2.0); }, std::vector<Variable>{w});
  EXPECT_EQ(g.value.array().get(0), 28.0);
  EXPECT_EQ(g.grads[0].array().get(1), 8.0);
}

TEST(Gradients, OfGradients) {
  auto sin = [](const std::vector<Tensor>& x) { return ops::sum(ops::sin(x[0])); };
  auto first = [&](const std::vector<Tensor>& x) { return ops::sum(grad(sin, x)[0]); };
  auto second = [&](const std::vector<Tensor>& x) { return ops::sum(grad(first, x)[0]); };
  Array x = Array::of<float>({2}, {0.3f, 1.1f});
  for (int64_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(grad(first, {x})[0].array().get(i), -std::sin(x.get(i)), 1e-6);
    EXPECT_NEAR(grad(second, {x})[0].array().get(i), -std::cos(x.get(i)), 1e-6);
  }
}

TEST(Gradients, StopWhereTheyAreStopped) {
  Array x = Array::of<float>({1}, {3});
  auto f = [](const std::vector<Tensor>& x) { return ops::sum(x[0] * ops::stop_gradient(x[0] * x[0])); };
  EXPECT_EQ(grad(f, {x})[0].array().get(0), 9.0);
}

TEST(Gradients, TensorsMadeInsideCanBeUsedAfterwards) {
  auto f = function([](const Tensor& x) {
    Tensor inner, innermost;
    Gradient g = value_and_grad(
        [&](const std::vector<Tensor>& a) {
          inner = a[0] * 2.0;
          Gradient h = value_and_grad(
              [&](const std::vector<Tensor>& b) {
                innermost = b[0] + 5.0;
                return ops::sum(innermost * innermost);
              },
              {inner});
          return ops::sum(h.grads[0]);
        },
        {x});
    return std::vector<Tensor>{g.grads[0], inner, innermost};
  });
  std::vector<Tensor> results = f(Array::of<float>({2}, {1, 2}));
  EXPECT_EQ(results[0].array().get(0), 4.0);  // d/dx sum(2 (2x + 5))
  EXPECT_EQ(results[1].array().get(1), 4.0);
  EXPECT_EQ(results[2].array().get(1), 9.0);
}

TEST(CustomGradient, IsUsedInsteadOfTheOps) {
  auto log1pexp = custom_gradient([](const Tensor& x) {
    Tensor e = ops::exp(x);
    auto gradient = [e](const Tensor& upstream) { return upstream * (1.0 - 1.0 / (1.0 + e)); };
    return std::pair(ops::log(1.0 + e), gradient);
  });
  auto f = [&](const std::vector<Tensor>& x) { return ops::sum(log1pexp(x[0]) * 3.0); };
  Array x = Array::of<float>({2}, {100, 0.5f});
  Array g = grad(f, {x})[0].array();
  EXPECT_EQ(g.get(0), 3.0);  // the ops' own would be NaN
  const double s = 1 / (1 + std::exp(-0.5));
  EXPECT_NEAR(g.get(1), 3 * s, 1e-6);
  // The gradient has a gradient: of what it computes from e, and of e.
  auto df = [&](const std::vector<Tensor>& x) { return ops::sum(grad(f, x)[0]); };
  EXPECT_NEAR(grad(df, {Array::of<float>({1}, {0.5f})})[0].array().get(0), 3 * s * (1 - s), 1e-6);
  EXPECT_NEAR(log1pexp(Array::of<float>({1}, {0.5f})).array().get(0), std::log1p(std::exp(0.5)), 1e-6);
}

TEST(CustomGradient, OfSeveralArguments) {
  auto f = custom_gradient([](const Tensor& x, const Tensor& y) {
    auto gradient = [x](const Tensor& upstream) { return std::vector<Tensor>{upstream * 10.0, Tensor()}; };
    return std::pair(x * y, gradient);
  });
  auto g = grad([&](const std::vector<Tensor>& x) { return ops::sum(f(x[0], x[1])); },
                {Array::of<float>({1}, {2}), Array::of<float>({1}, {3})});
  EXPECT_EQ(g[0].array().get(0), 10.0);
  EXPECT_EQ(g[1].array().get(0), 0.0);
  auto wrong = custom_gradient([](const Tensor& x) {
    return std::pair(x * 2.0, [](const Tensor& upstream) { return ops::sum(upstream); });
  });
  EXPECT_THROW(grad([&](const std::vector<Tensor>& x) { return ops::sum(wrong(x[0])); }, {numbers({2})}), ValueError);
}

// ---- Branches of symbolic tensors
TEST(Cond, OfSymbolicTensorsIsOneNode) {
  Tensor x = Input({3}), flag = Input({.shape = {}, .dtype = DType::boolean});
  Dense left({.units = 2}), right({.units = 2});
  Tensor y = ops::cond(
                 ops::any(flag), [&] { return Tensors(left(x) * 2.0); },
                 [&] { return Tensors(right(x) + ops::sum(x, -1, true)); })
                 .single();
  EXPECT_EQ(y.shape(), Shape({kUnknown, 2}));
  Model model({x, flag}, y);
  EXPECT_EQ(model.trainable_weights().size(), 4u);
  Array data = numbers({2, 3}), yes = Array(DType::boolean, {2}), no = Array(DType::boolean, {2});
  yes.set(0, 1), yes.set(1, 1);
  Array a = model.predict({data, yes}, {.verbose = 0})[0], b = model.predict({data, no}, {.verbose = 0})[0];
  Array l = left(Tensor(data)).array(), r = right(Tensor(data)).array();
  for (int64_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(a.get(i), 2 * l.get(i), 1e-6);
    double sum = data.get(3 * (i / 2)) + data.get(3 * (i / 2) + 1) + data.get(3 * (i / 2) + 2);
    EXPECT_NEAR(b.get(i), r.get(i) + sum, 1e-6);
  }
  // Only the branch that is taken learns.
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1}), .loss = "mse"});
  std::vector<Array> before_left = left.get_weights(), before_right = right.get_weights();
  model.fit({data, yes}, numbers({2, 2}), {.verbose = 0});
  EXPECT_NE(std::memcmp(before_left[0].data(), left.get_weights()[0].data(), before_left[0].bytes()), 0);
  EXPECT_EQ(std::memcmp(before_right[0].data(), right.get_weights()[0].data(), before_right[0].bytes()), 0);
}

// ---- Looking at tensors
TEST(Print, ShowsElements) {
  std::ostringstream text;
  text << Tensor(Array::of<float>({2, 2}, {1, 2.5f, -3, 4})) << "\n" << Array::scalar<int32_t>(7) << "\n" << Input({.shape = {3}, .name = "x"});
  EXPECT_EQ(text.str(), "[[ 1.   2.5]\n [-3.   4. ]]\n7\n<Tensor shape=(None, 3), dtype=float32, name=x>");
  Tensor x(Array::of<float>({2, 2}, {1, 2, 3, 4}));
  EXPECT_EQ(item<float>(x, {1, 0}), 3.0f);
  EXPECT_EQ(item<double>(x, {-1, -1}), 4.0);
  EXPECT_EQ(item<int>(ops::sum(x)), 10);
  EXPECT_THROW(item<float>(x), ValueError);
  EXPECT_THROW(item<float>(x, {2, 0}), ValueError);
  EXPECT_THROW(item<float>(x, {0}), ValueError);
}

}  // namespace
}  // namespace hornbeam::e2e
