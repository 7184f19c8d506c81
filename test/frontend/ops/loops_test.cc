// scan, map, fori_loop, while_loop and cond: values, structures, variables that bodies assign, gradients, errors.
#include <gtest/gtest.h>
#include <hornbeam/gradient.h>
#include <hornbeam/ops.h>
#include <hornbeam/ops/loops.h>
#include <hornbeam/random.h>

#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using testing::evaluated;
using testing::expect_error;

Array floats(Shape shape, std::vector<float> values) {
  return Array::of<float>(std::move(shape), std::span<const float>(values));
}
std::vector<double> values(const Array& array) {
  std::vector<double> all;
  for (int64_t i = 0; i < array.num_elements(); ++i) all.push_back(array.get(i));
  return all;
}
using List = std::vector<double>;

std::pair<Tensors, Tensors> add_up(const Tensors& carry, const Tensors& x) {
  Tensor sum = carry.single() + x.single();
  return {sum, sum * 2};
}

TEST(Loops, ScanCarriesAndStacks) {
  auto [last, all] = ops::scan(add_up, Tensors(Array::scalar(1.0f)), Tensors(floats({3}, {1, 2, 3})));
  EXPECT_EQ(values(last.single().array()), (List{7}));
  EXPECT_EQ(values(all.single().array()), (List{4, 8, 14}));
  auto [first, turned] = ops::scan(add_up, Tensors(Array::scalar(1.0f)), Tensors(floats({3}, {1, 2, 3})), {}, true);
  EXPECT_EQ(values(turned.single().array()), (List{14, 12, 8}));
}

TEST(Loops, ScanKeepsStructures) {
  auto [last, all] = ops::scan(
      [](const Tensors& carry, const Tensors&) {
        Tensors next;
        next.set("a", carry["b"]);
        next.set("b", carry["a"] + carry["b"]);
        return std::pair(next, Tensors({carry["a"], carry["b"]}));
      },
      Tensors{{"a", Array::scalar(0)}, {"b", Array::scalar(1)}}, {}, 6);
  EXPECT_EQ(values(last["a"].array()), (List{8}));
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(values(all[0].array()), (List{0, 1, 1, 2, 3, 5}));
}

TEST(Loops, ScanDifferentiates) {
  // The last of x -> 2x + x_i: each input counts twice as much as the next.
  std::vector<Array> grads = evaluated(
      [](const Tensors& inputs) {
        return Tensors(grad(
            [](const std::vector<Tensor>& xs) {
              return ops::scan(
                         [](const Tensors& carry, const Tensors& x) {
                           return std::pair(Tensors(carry.single() * 2 + x.single()), Tensors());
                         },
                         Tensors(Array::scalar(0.0f)), Tensors(xs[0]))
                  .first.single();
            },
            {inputs.single()}));
      },
      floats({4}, {1, 2, 3, 4}));
  EXPECT_EQ(values(grads[0]), (List{8, 4, 2, 1}));
}

TEST(Loops, BodiesMayAssignVariables) {
  Variable count(Array::scalar(10.0f), "count");
  std::vector<Array> results = evaluated(
      [&](const Tensors& inputs) {
        return ops::map(
            [&](const Tensors& x) {
              count.assign_add(1.0f);
              return Tensors(x.single() + count);
            },
            inputs);
      },
      floats({3}, {0, 0, 0}), {count});
  EXPECT_EQ(values(results[0]), (List{11, 12, 13}));
  EXPECT_EQ(count.value().get(0), 13);
  // Random numbers differ from step to step.
  random::SeedGenerator seed(3);
  std::vector<Array> draws = evaluated(
      [&](const Tensors& inputs) {
        return ops::map([&](const Tensors&) { return Tensors(random::uniform({2}, seed.next())); }, inputs);
      },
      floats({3}, {0, 0, 0}), {seed.state()});
  EXPECT_NE(draws[0].get(0), draws[0].get(2));
  EXPECT_NE(draws[0].get(2), draws[0].get(4));
}

TEST(Loops, ForiAndWhile) {
  Tensors factorial = ops::fori_loop(
      1, 6, [](const Tensor& i, const Tensors& value) { return Tensors(value.single() * i); },
      Tensors(Array::scalar(1)));
  EXPECT_EQ(values(factorial.single().array()), (List{120}));
  auto below = [](const Tensors& vars) { return ops::less(vars.single(), 100); };
  auto doubled = [](const Tensors& vars) { return Tensors(vars.single() * 2); };
  EXPECT_EQ(values(ops::while_loop(below, doubled, Tensors(Array::scalar(3))).single().array()), (List{192}));
  EXPECT_EQ(values(ops::while_loop(below, doubled, Tensors(Array::scalar(3)), 2).single().array()), (List{12}));
}

TEST(Loops, CondTakesOneBranch) {
  for (float x : {2.0f, -2.0f}) {
    std::vector<Array> results = evaluated(
        [](const Tensors& inputs) {
          Tensor x = inputs.single();
          return ops::cond(
              ops::greater(x, 0), [&] { return Tensors(x * 3); }, [&] { return Tensors(ops::negative(x)); });
        },
        Array::scalar(x));
    EXPECT_EQ(results[0].get(0), x > 0 ? 6 : 2);
  }
}

TEST(Loops, SayWhatIsWrong) {
  expect_error([] { ops::scan(add_up, Tensors(Array::scalar(1.0f))); }, "`length` not provided");
  expect_error(
      [] {
        ops::scan(add_up, Tensors(Array::scalar(1.0f)), Tensors(floats({2}, {1, 2})), 3);
      },
      "the length 3");
  expect_error(
      [] {
        ops::scan(add_up, Tensors(floats({2}, {1, 2})), Tensors(floats({1, 1, 2}, {1, 2})));
      },
      "carried value 0 came in with shape (2,)");
}

}  // namespace
}  // namespace hornbeam
