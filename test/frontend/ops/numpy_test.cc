// Ops of NumPy's kind: edges that Keras' cases do not touch, and what is refused.
#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/bits.h>
#include <hornbeam/ops/create.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/linalg.h>
#include <hornbeam/ops/math.h>
#include <hornbeam/ops/nn.h>
#include <hornbeam/ops/prefix.h>
#include <hornbeam/ops/products.h>
#include <hornbeam/ops/reduce.h>
#include <hornbeam/ops/shape.h>
#include <hornbeam/ops/statistics.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using testing::evaluated;
using testing::expect_error;

const double kInf = INFINITY;

Array f32(Shape shape, std::vector<float> values) {
  return Array::of<float>(std::move(shape), std::span<const float>(values));
}
Array i32(Shape shape, std::vector<int32_t> values) {
  return Array::of<int32_t>(std::move(shape), std::span<const int32_t>(values));
}
template <class F>
std::vector<double> run(F function, const Arrays& inputs) {
  Array y = evaluated([&](const Tensors& x) { return Tensors(function(x)); }, inputs)[0];
  std::vector<double> values;
  for (int64_t i = 0; i < y.num_elements(); ++i) values.push_back(y.get(i));
  return values;
}
template <class F>
std::vector<double> of(F function, const Array& x) {
  return run([&](const Tensors& t) { return function(t.single()); }, x);
}

TEST(Math, HasTheRightLimits) {
  EXPECT_THAT(of([](const Tensor& x) { return ops::sinc(x); }, f32({2}, {0, 0.5f})),
              ElementsAre(1, ::testing::DoubleNear(0.63662, 1e-5)));
  EXPECT_THAT(run([](const Tensors& x) { return ops::logaddexp(x[0], x[1]); },
                  {f32({3}, {-INFINITY, INFINITY, 1}), f32({3}, {-INFINITY, INFINITY, -INFINITY})}),
              ElementsAre(-kInf, kInf, 1));
  EXPECT_THAT(
      run([](const Tensors& x) { return ops::hypot(x[0], x[1]); }, {f32({3}, {3e30f, 0, 3}), f32({3}, {4e30f, 0, 4})}),
      ElementsAre(5e30f, 0, 5));
  EXPECT_THAT(of([](const Tensor& x) { return ops::signbit(x); }, f32({4}, {-0.0f, 0, -1, 2})),
              ElementsAre(1, 0, 1, 0));
  EXPECT_THAT(of([](const Tensor& x) { return ops::trunc(x); }, f32({3}, {-1.7f, 1.7f, -0.2f})), ElementsAre(-1, 1, 0));
  EXPECT_THAT(of([](const Tensor& x) { return ops::round(x, -1); }, i32({3}, {14, 15, 25})), ElementsAre(10, 20, 20));
  EXPECT_THAT(run([](const Tensors& x) { return ops::fmod(x[0], x[1]); }, {i32({3}, {-7, 7, 7}), i32({3}, {3, -3, 0})}),
              ElementsAre(-1, 1, 0));
  EXPECT_THAT(run([](const Tensors& x) { return ops::gcd(x[0], x[1]); },
                  {i32({4}, {0, -12, 1836311903, 7}), i32({4}, {5, 18, 1134903170, 0})}),
              ElementsAre(5, 6, 1, 7));
  EXPECT_THAT(of([](const Tensor& x) { return ops::i0(x); }, f32({2}, {0, 20})),
              ElementsAre(1, ::testing::DoubleNear(43558282.55955, 10)));
  EXPECT_THAT(of([](const Tensor& x) { return ops::saturate_cast(x, DType::int32); }, f32({3}, {1e20f, -1e20f, 7.9f})),
              ElementsAre(2147483520, -2147483648.0, 7));
}

TEST(Math, RoundsToTheNextFloat) {
  float one = std::nextafter(1.0f, 2.0f), below = std::nextafter(-1.0f, 0.0f);
  EXPECT_THAT(run([](const Tensors& x) { return ops::nextafter(x[0], x[1]); },
                  {f32({5}, {1, -1, 0, 0, 3}), f32({5}, {2, 0, 1, -1, 3})}),
              ElementsAre(one, below, std::nextafter(0.0f, 1.0f), std::nextafter(0.0f, -1.0f), 3));
}

TEST(Bits, OfBooleansAreLogical) {
  Array x = i32({4}, {0, 0, 1, 1}).cast(DType::boolean), y = i32({4}, {0, 1, 0, 1}).cast(DType::boolean);
  EXPECT_THAT(run([](const Tensors& t) { return ops::bitwise_xor(t[0], t[1]); }, {x, y}), ElementsAre(0, 1, 1, 0));
  EXPECT_THAT(of([](const Tensor& t) { return ops::bitwise_not(t); }, x), ElementsAre(1, 1, 0, 0));
  EXPECT_THAT(of([](const Tensor& t) { return ops::right_shift(t, 40); }, i32({2}, {-5, 5})), ElementsAre(-1, 0));
  expect_error<TypeError>([&] { of([](const Tensor& t) { return ops::bitwise_and(t, t); }, f32({1}, {1})); },
                          "Integers or booleans");
}

TEST(Create, MakesEmptyAndSmallOnes) {
  EXPECT_EQ(ops::arange(5.0, 1.0).shape(), (Shape{0}));
  EXPECT_EQ(ops::arange(0.0, 1.0, 0.25).array().get(3), 0.75);
  EXPECT_THAT(of([](const Tensor& x) { return ops::linspace(x, 5, 1); }, f32({}, {2})), ElementsAre(2));
  EXPECT_THAT(of([](const Tensor& x) { return ops::geomspace(x, -8, 4); }, f32({}, {-1})),
              ElementsAre(-1, ::testing::DoubleNear(-2, 1e-5), ::testing::DoubleNear(-4, 1e-5), -8));
  EXPECT_THAT(of([](const Tensor&) { return ops::eye(2, 3, 1); }, f32({}, {0})), ElementsAre(0, 1, 0, 0, 0, 1));
  EXPECT_EQ(ops::hanning(1).array().get(0), 1);
  EXPECT_EQ(ops::bartlett(0).shape(), (Shape{0}));
  expect_error([] { ops::arange(0.0, 1.0, 0.0); }, "step must not be 0");
}

TEST(Pad, TakesWidthsBeyondTheAxis) {
  auto padded = [](const char* mode, int64_t low, int64_t high) {
    return of([=](const Tensor& x) { return ops::pad(x, {{low, high}}, mode); }, f32({3}, {1, 2, 3}));
  };
  EXPECT_THAT(padded("reflect", 3, 5), ElementsAre(2, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2));
  EXPECT_THAT(padded("symmetric", 2, 4), ElementsAre(2, 1, 1, 2, 3, 3, 2, 1, 1));
  EXPECT_THAT(padded("edge", 2, 1), ElementsAre(1, 1, 1, 2, 3, 3));
  EXPECT_THAT(padded("wrap", 1, 4), ElementsAre(3, 1, 2, 3, 1, 2, 3, 1));
  expect_error([&] { padded("mirror", 1, 1); }, "mode must be one of");
}

TEST(GetItem, FollowsPython) {
  Array x = f32({2, 5}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  using ops::Slice;
  auto at = [&](std::vector<ops::Index> key) { return of([&](const Tensor& t) { return ops::get_item(t, key); }, x); };
  EXPECT_THAT(at({int64_t{-1}, Slice{4, 0, -2}}), ElementsAre(9, 7));
  EXPECT_THAT(at({int64_t{0}, Slice{{}, {}, -1}}), ElementsAre(4, 3, 2, 1, 0));
  EXPECT_THAT(at({int64_t{0}, Slice{-2, 100, {}}}), ElementsAre(3, 4));
  EXPECT_THAT(at({int64_t{0}, Slice{3, 1, {}}}), ElementsAre());
  EXPECT_THAT(at({int64_t{0}, Slice{1, 3, -1}}), ElementsAre());
  EXPECT_THAT(at({ops::kEllipsis, Tensor(i32({2}, {4, 0}))}), ElementsAre(4, 0, 9, 5));
  expect_error([&] { at({int64_t{2}}); }, "out of bounds for an axis of size 2");
  expect_error([&] { at({ops::kEllipsis, ops::kEllipsis}); }, "one ellipsis");
  expect_error([&] { at({int64_t{0}, int64_t{0}, int64_t{0}}); }, "Too many indices");
}

TEST(GetItem, TakesSeveralIndexTensorsTogether) {
  std::vector<float> numbers(24);
  for (int i = 0; i < 24; ++i) numbers[i] = static_cast<float>(i);
  Array x = f32({2, 3, 4}, numbers);
  auto at = [&](std::vector<ops::Index> key) { return of([&](const Tensor& t) { return ops::get_item(t, key); }, x); };
  auto ids = [](Shape shape, std::vector<int32_t> values) { return Tensor(i32(std::move(shape), std::move(values))); };
  ops::Slice all{};
  EXPECT_THAT(at({ids({2}, {0, 1}), ids({2}, {2, 0})}), ElementsAre(8, 9, 10, 11, 12, 13, 14, 15));
  EXPECT_THAT(at({all, ids({2}, {0, 2}), ids({2}, {1, -1})}), ElementsAre(1, 11, 13, 23));
  // With a slice between them they come first.
  EXPECT_THAT(at({ids({2}, {0, 1}), all, ids({2}, {1, -1})}), ElementsAre(1, 5, 9, 15, 19, 23));
  EXPECT_THAT(at({ids({2, 1}, {0, 1}), ids({2}, {0, 2}), int64_t{3}}), ElementsAre(3, 11, 15, 23));
}

TEST(Arrange, RefusesWhatDoesNotFit) {
  Array x = f32({4, 6}, std::vector<float>(24, 1));
  auto refused = [&](auto function, const char* text) { expect_error([&] { of(function, x); }, text); };
  refused([](const Tensor& t) { return ops::rearrange(t, "a (b c) -> a b c"); }, "sizes of 'b' and 'c' are not given");
  refused([](const Tensor& t) { return ops::rearrange(t, "a b -> b"); }, "same names");
  refused([](const Tensor& t) { return ops::rearrange(t, "(a c) b -> a b c", {{"a", 3}}); }, "cannot be cut");
  refused([](const Tensor& t) { return ops::repeat(t, std::vector<int64_t>{1, 2}, 0); }, "one number for each");
  refused([](const Tensor& t) { return ops::roll(t, {1, 2}, 0); }, "one shift");
  refused([](const Tensor& t) { return ops::rot90(t, 1, {1, 1}); }, "must differ");
  EXPECT_THAT(of([](const Tensor& t) { return ops::rearrange(t, "... a -> a ..."); }, f32({1, 2}, {1, 2})),
              ElementsAre(1, 2));
}

TEST(Prefix, SumsLongAxes) {
  Array ones(DType::int8, {100});
  for (int64_t i = 0; i < 100; ++i) ones.set_int(i, 1);
  std::vector<double> counted(100);
  for (int i = 0; i < 100; ++i) counted[i] = i + 1;
  EXPECT_THAT(of([](const Tensor& x) { return ops::cumsum(x, 0); }, ones), ElementsAreArray(counted));
  EXPECT_THAT(of([](const Tensor& x) { return ops::cumprod(x); }, f32({2, 2}, {2, 0, 3, 4})), ElementsAre(2, 0, 0, 0));
}

TEST(Statistics, KnowNanAndNothing) {
  Array x = f32({2, 2}, {NAN, NAN, 1, NAN});
  EXPECT_THAT(of([](const Tensor& t) { return ops::nanmax(t, 1); }, x), ElementsAre(::testing::IsNan(), 1));
  EXPECT_THAT(of([](const Tensor& t) { return ops::nanargmin(t, 1); }, x), ElementsAre(-1, 0));
  EXPECT_THAT(of([](const Tensor& t) { return ops::nansum(t, 1); }, x), ElementsAre(0, 1));
  EXPECT_THAT(of([](const Tensor& t) { return ops::max(t, 0, false, 5); }, f32({2}, {1, 2})), ElementsAre(5));
  EXPECT_THAT(of([](const Tensor& t) { return ops::quantile(t, 0.25, {}, "linear", true); }, f32({1, 3}, {0, 2, 10})),
              ElementsAre(1));
  EXPECT_THAT(of([](const Tensor& t) { return ops::median(t); }, f32({3}, {1, NAN, 2})),
              ElementsAre(::testing::IsNan()));
  EXPECT_THAT(of([](const Tensor& t) { return ops::histogram(t, 2).counts; }, f32({4}, {3, 3, 3, 3})),
              ElementsAre(0, 4));
  expect_error([&] { of([](const Tensor& t) { return ops::quantile(t, 0.5, {}, "cubic"); }, x); },
               "method must be one of");
}

TEST(Products, CorrelateEitherWayRound) {
  // As numpy.correlate: exchanging the vectors turns the result round.
  auto full = [](const Tensors& x) { return ops::correlate(x[0], x[1], "full"); };
  Array a = f32({3}, {1, 2, 3}), b = f32({2}, {0, 1});
  EXPECT_THAT(run(full, {a, b}), ElementsAre(1, 2, 3, 0));
  EXPECT_THAT(run(full, {b, a}), ElementsAre(0, 3, 2, 1));
}

TEST(Norm, OfMatricesBySingularValues) {
  Array x = f32({2, 2, 2}, {3, 0, 0, 4, 1, 1, 1, 1});
  EXPECT_THAT(of(
                  [](const Tensor& t) {
                    return ops::norm(t, {.ord = 2.0, .axis = {1, 2}});
                  },
                  x),
              ElementsAre(::testing::DoubleNear(4, 1e-5), ::testing::DoubleNear(2, 1e-5)));
  EXPECT_THAT(of(
                  [](const Tensor& t) {
                    return ops::norm(t, {.of_matrix = "nuc", .axis = {1, 2}});
                  },
                  x),
              ElementsAre(::testing::DoubleNear(7, 1e-5), ::testing::DoubleNear(2, 1e-5)));
  expect_error([&] { of([](const Tensor& t) { return ops::norm(t, {.ord = 1.0}); }, x); },
               "vectors (one axis) or matrices");
}

TEST(Svd, PutsMatricesTogetherAgain) {
  for (Shape shape : {Shape{2, 3, 5}, Shape{20, 17}}) {  // written out, and in a loop
    Array x(DType::float32, shape);
    for (int64_t i = 0; i < x.num_elements(); ++i) x.set(i, std::sin(static_cast<double>(i * i)));
    auto product = of(
        [](const Tensor& t) {
          ops::Svd d = ops::svd(t, false);
          return ops::norm(t - ops::matmul(d.u * ops::expand_dims(d.s, -2), d.v));
        },
        x);
    EXPECT_THAT(product, ElementsAre(::testing::Lt(1e-4)));
  }
}

}  // namespace
}  // namespace hornbeam
