// Loops and branches as nodes of functional models: trained, called again on other data, saved layers inside; and what their
// bodies may use.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/input.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/model.h>
#include <hornbeam/ops.h>
#include <hornbeam/ops/loops.h>

#include "test/frontend/arrays_support.h"
#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using layers::Dense;
using testing::expect_error;
using testing::expect_near;
using testing::random_array;

double loss_after(Model& model, const Array& x, const Array& y, int64_t epochs) {
  model.compile({.optimizer = "adam", .loss = "mse"});
  return model.fit(x, y, {.epochs = epochs, .verbose = 0, .seed = 1})["loss"].back();
}

// Sums of what came so far, from a first value that the model computes: everything that a body uses is handed to it.
TEST(LoopsInModels, AScanTakesWhatItNeedsAsItsInputs) {
  Tensor x = Input({5, 3});
  Tensor start = Dense({.units = 3, .name = "start"})(ops::mean(x, {1}));
  Tensor steps = ops::transpose(x, {1, 0, 2});
  auto [last, all] = ops::scan(
      [](const Tensors& carry, const Tensors& step) {
        Tensor sum = 0.5 * carry.single() + step.single();
        return std::pair(Tensors(sum), Tensors(ops::tanh(sum)));
      },
      Tensors(start), Tensors(steps));
  Model model(x, Tensors({last.single(), ops::transpose(all.single(), {1, 0, 2})}));
  Array data = random_array({4, 5, 3}, 1);
  Arrays got = model.predict(data, {.verbose = 0});
  ASSERT_EQ(got[0].shape(), (Shape{4, 3}));
  Array kernel = model.get_layer("start")->get_weights()[0];
  for (int64_t i = 0; i < 4; ++i)
    for (int64_t j = 0; j < 3; ++j) {
      double value = 0;
      for (int64_t k = 0; k < 3; ++k)
        for (int64_t t = 0; t < 5; ++t) value += data.get((i * 5 + t) * 3 + k) / 5 * kernel.get(3 * k + j);
      for (int64_t t = 0; t < 5; ++t) value = 0.5 * value + data.get((i * 5 + t) * 3 + j);
      EXPECT_NEAR(got[0].get(3 * i + j), value, 1e-5);
    }
  Model trained(x, Dense({.units = 1})(last.single()));
  Array xs = random_array({64, 5, 3}, 2), ys = random_array({64, 1}, 3);
  const double first = loss_after(trained, xs, ys, 1);
  EXPECT_LT(loss_after(trained, xs, ys, 30), first);
}

// The functions of map and fori_loop live as long as the model.
TEST(LoopsInModels, MapAndForiLoopAreRunAgain) {
  Tensor x = Input({4, 2});
  auto make = [&] {
    const double factor = 3;
    Tensor rows = ops::transpose(x, {1, 0, 2});
    Tensors mapped = ops::map([factor](const Tensors& row) { return Tensors(row.single() * factor); }, Tensors(rows));
    Tensors added = ops::fori_loop(
        0, 3, [factor](const Tensor&, const Tensors& value) { return Tensors(value.single() + factor); }, mapped);
    return ops::transpose(added.single(), {1, 0, 2});
  };
  Model model(x, make());
  Array data = random_array({6, 4, 2}, 4);
  Array got = model.predict(data, {.verbose = 0});
  ASSERT_EQ(got.shape(), (Shape{6, 4, 2}));
  for (int64_t i = 0; i < 48; ++i) EXPECT_NEAR(got.get(i), 3 * data.get(i) + 9, 1e-5);
  Model again(x, model(x));
  expect_near(again.predict(data, {.verbose = 0}), got, 0);
}

TEST(LoopsInModels, AWhileLoopIsRunAgain) {
  Tensor x = Input({2});
  Tensors last = ops::while_loop([](const Tensors& vars) { return ops::less(ops::max(vars.single()), 10.0); },
                                 [](const Tensors& vars) { return Tensors(vars.single() * 2.0); }, Tensors(x));
  Model model(x, last.single());
  Array got = model.predict(Array::of<float>({1, 2}, {1, 3}), {.verbose = 0});
  EXPECT_EQ(got.get(0), 4);
  EXPECT_EQ(got.get(1), 12);
}

// A branch's functions have no arguments: they use the symbolic tensors around them, and layers.
TEST(LoopsInModels, ABranchUsesSymbolicTensorsAroundIt) {
  Tensor x = Input({3});
  Tensor hidden = Dense({.units = 3, .name = "hidden"})(x);
  Dense side({.units = 3, .name = "side"});
  Tensor y = ops::cond(
                 ops::greater(ops::sum(x), 0.0), [&] { return Tensors(hidden + side(x)); },
                 [&] { return Tensors(hidden * 2.0); })
                 .single();
  Model model(x, y);
  EXPECT_EQ(model.trainable_weights().size(), 4u);
  Array plus = Array::of<float>({1, 3}, {1, 2, 3}), minus = Array::of<float>({1, 3}, {-1, -2, -3});
  auto product = [&](const char* layer, const Array& row, int64_t j) {
    Array kernel = model.get_layer(layer)->get_weights()[0];
    double sum = 0;
    for (int64_t k = 0; k < 3; ++k) sum += row.get(k) * kernel.get(3 * k + j);
    return sum;
  };
  Array on_plus = model.predict(plus, {.verbose = 0}), on_minus = model.predict(minus, {.verbose = 0});
  Array side_kernel = side.get_weights()[0];
  for (int64_t j = 0; j < 3; ++j) {
    double by_side = 0;
    for (int64_t k = 0; k < 3; ++k) by_side += plus.get(k) * side_kernel.get(3 * k + j);
    EXPECT_NEAR(on_plus.get(j), product("hidden", plus, j) + by_side, 1e-5);
    EXPECT_NEAR(on_minus.get(j), 2 * product("hidden", minus, j), 1e-5);
  }
  std::vector<Array> before = side.get_weights();
  model.compile({.optimizer = "sgd", .loss = "mse"});
  model.fit(plus, Array(DType::float32, {1, 3}), {.verbose = 0});
  EXPECT_NE(side.get_weights()[0].get(0), before[0].get(0));
}

// As in Keras, a loop's body sees its arguments alone; the text says what to do.
TEST(LoopsInModels, ABodyThatUsesASymbolicTensorIsRefused) {
  Tensor x = Input({3}), other = Input({3});
  expect_error(
      [&] {
        ops::scan([&](const Tensors& carry, const Tensors&) { return std::pair(Tensors(carry.single() + other), Tensors()); },
                  Tensors(x), {}, 4);
      },
      "Pass it to the layer as an input");
  expect_error(
      [&] {
        ops::while_loop([](const Tensors& v) { return ops::less(ops::max(v.single()), 1.0); },
                        [&](const Tensors& v) { return Tensors(v.single() + other); }, Tensors(x));
      },
      "Pass it to the layer as an input");
}

}  // namespace
}  // namespace hornbeam
