// Sorting, sets, scattering and segments: edges, and what is refused.
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/scatter.h>
#include <hornbeam/ops/sort.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using ::testing::ElementsAre;
using testing::evaluated;
using testing::expect_error;

Array f32(Shape shape, std::vector<float> values) {
  return Array::of<float>(std::move(shape), std::span<const float>(values));
}
Array i32(Shape shape, std::vector<int32_t> values) {
  return Array::of<int32_t>(std::move(shape), std::span<const int32_t>(values));
}
std::vector<double> values(const Array& array) {
  std::vector<double> all;
  for (int64_t i = 0; i < array.num_elements(); ++i) all.push_back(array.get(i));
  return all;
}
template <class F>
std::vector<double> run(F function, const Arrays& inputs) {
  return values(evaluated([&](const Tensors& x) { return Tensors(function(x)); }, inputs)[0]);
}

TEST(Sort, PutsNanLastAndTopKFirst) {
  Array x = f32({4}, {2, NAN, 3, 1});
  EXPECT_THAT(run([](const Tensors& t) { return ops::argsort(t[0]); }, {x}), ElementsAre(3, 0, 2, 1));
  Array ties = i32({5}, {1, 3, 3, 0, 3});
  EXPECT_THAT(run([](const Tensors& t) { return ops::top_k(t[0], 2).indices; }, {ties}), ElementsAre(1, 2));
  EXPECT_THAT(run([](const Tensors& t) { return ops::top_k(t[0], 2).values; }, {ties}), ElementsAre(3, 3));
  EXPECT_THAT(run([](const Tensors& t) { return ops::argpartition(t[0], 1); }, {f32({4}, {4, 1, 3, 2})}),
              ElementsAre(1, 3, 0, 2));
  expect_error([&] { run([](const Tensors& t) { return ops::top_k(t[0], 6).values; }, {ties}); }, "k must be in");
}

TEST(Sort, OfALongAxisIsStableToo) {
  constexpr int64_t kLength = 3000;
  Array x(DType::float32, {2, kLength});
  for (int64_t i = 0; i < 2 * kLength; ++i) x.set(i, i % 97 == 5 ? NAN : static_cast<double>(i * 7919 % 101));
  for (bool descending : {false, true}) {
    std::vector<double> got =
        run([&](const Tensors& t) { return descending ? ops::top_k(t[0], kLength).indices : ops::argsort(t[0]); }, {x});
    for (int64_t row : {0, 1}) {
      auto key = [&](double place) {
        double value = x.get(row * kLength + static_cast<int64_t>(place));
        if (std::isnan(value)) value = 1000;
        return std::pair(descending ? -value : value, place);
      };
      for (int64_t i = row * kLength + 1; i < (row + 1) * kLength; ++i) ASSERT_LT(key(got[i - 1]), key(got[i])) << i;
    }
  }
}

TEST(Sort, CompiledEqualsTheReference) {
  for (int64_t length : {300, 2500}) {  // by counting, and by the network
    Array x(DType::float32, {length, 2});
    for (int64_t i = 0; i < 2 * length; ++i) x.set(i, i % 89 == 3 ? NAN : static_cast<double>(i * 7919 % 101));
    EXPECT_EQ(values(ops::argsort(Tensor(x), 0).array()),
              run([](const Tensors& t) { return ops::argsort(t[0], 0); }, {x}));
  }
}

TEST(InTopK, IsFalseForClassesThatAreNone) {
  Array targets = i32({3}, {1, 5, -1}), scores = f32({3, 2}, {0, 1, 0, 1, 0, 1});
  EXPECT_THAT(run([](const Tensors& t) { return ops::in_top_k(t[0], t[1], 1); }, {targets, scores}),
              ElementsAre(1, 0, 0));
}

TEST(Sets, AreComputedFromConcreteTensors) {
  Array x = f32({2, 3}, {2, NAN, 1, 2, 1, 1});
  ops::Unique u = ops::unique(Tensor(x), true, true, true);
  std::vector<double> kept = values(u.values.array());
  EXPECT_THAT(kept, ElementsAre(1, 2, ::testing::IsNan()));
  EXPECT_THAT(values(u.indices.array()), ElementsAre(2, 0, 1));
  EXPECT_EQ(u.inverse.shape(), (Shape{2, 3}));
  EXPECT_THAT(values(u.counts.array()), ElementsAre(3, 2, 1));
  ops::Unique rows = ops::unique(Tensor(i32({3, 2}, {1, 2, 0, 5, 1, 2})), false, false, true, 0);
  EXPECT_THAT(values(rows.values.array()), ElementsAre(0, 5, 1, 2));
  EXPECT_THAT(values(rows.counts.array()), ElementsAre(1, 2));
  EXPECT_THAT(values(ops::unique(Tensor(i32({3}, {7, 7, 8})), false, false, false, {}, 4).values.array()),
              ElementsAre(7, 8, 7, 7));
  EXPECT_THAT(values(ops::bincount(Tensor(i32({0}, {})), {}, 2).array()), ElementsAre(0, 0));
  EXPECT_THAT(values(ops::bincount(Tensor(i32({2, 2}, {0, 2, 1, 1}))).array()), ElementsAre(1, 0, 1, 0, 2, 0));
  expect_error([&] { ops::bincount(Tensor(i32({1}, {-1}))); }, "must not be negative");
  expect_error<NotImplementedError>([&] { run([](const Tensors& t) { return ops::nonzero(t[0])[0]; }, {x}); },
                                    "shape of the result depends on the elements");
}

TEST(Scatter, LeavesOutWhatIsOutsideAndCountsFromTheEnd) {
  Array places = i32({4, 1}, {0, -1, 7, 0}), numbers = f32({4}, {1, 2, 4, 8});
  EXPECT_THAT(run([](const Tensors& t) { return ops::scatter(t[0], t[1], {3}); }, {places, numbers}),
              ElementsAre(9, 0, 2));
  EXPECT_THAT(
      run([](const Tensors& t) { return ops::scatter(t[0], ops::cast(t[1], DType::int64), {3}); }, {places, numbers}),
      ElementsAre(9, 0, 2));
  EXPECT_THAT(
      run([](const Tensors& t) { return ops::scatter(t[0], ops::cast(t[1], DType::int16), {3}); }, {places, numbers}),
      ElementsAre(9, 0, 2));
  expect_error(
      [&] {
        run([](const Tensors& t) { return ops::scatter(t[0], t[1], {3, 2}); }, {places, numbers});
      },
      "must have shape (4, 2)");
}

TEST(Scatter, LetsTheLastUpdateOfAPlaceStay) {
  Array x = f32({3, 2}, {1, 1, 2, 2, 3, 3}), places = i32({3, 1}, {2, 0, 2});
  Array rows = f32({3, 2}, {10, 11, 20, 21, 30, 31});
  EXPECT_THAT(run([](const Tensors& t) { return ops::scatter_update(t[0], t[1], t[2]); }, {x, places, rows}),
              ElementsAre(20, 21, 2, 2, 30, 31));
  EXPECT_THAT(run([](const Tensors& t) { return ops::scatter_update(t[0], t[1], t[2], "max"); }, {x, places, rows}),
              ElementsAre(20, 21, 2, 2, 30, 31));
  expect_error(
      [&] {
        run([](const Tensors& t) { return ops::scatter_update(t[0], t[1], t[2], "mean"); }, {x, places, rows});
      },
      "reduction must be one of");
}

TEST(Slices, AtComputedPlacesStayInside) {
  Array x = f32({2, 4}, {0, 1, 2, 3, 4, 5, 6, 7}), start = i32({2}, {1, 9});
  EXPECT_THAT(run([](const Tensors& t) { return ops::slice(t[0], t[1], {1, 2}); }, {x, start}), ElementsAre(6, 7));
  Array update = f32({1, 2}, {-1, -2});
  EXPECT_THAT(run([](const Tensors& t) { return ops::slice_update(t[0], t[1], t[2]); }, {x, start, update}),
              ElementsAre(0, 1, 2, 3, 4, 5, -1, -2));
}

TEST(Segments, OfNothingAndOfOthers) {
  Array data = i32({3}, {5, -7, 9}), ids = i32({3}, {2, -1, 2});
  EXPECT_THAT(run([](const Tensors& t) { return ops::segment_max(t[0], t[1], 3); }, {data, ids}),
              ElementsAre(-2147483648.0, -2147483648.0, 9));
  EXPECT_THAT(run([](const Tensors& t) { return ops::segment_prod(t[0], t[1], 3); }, {data, ids}),
              ElementsAre(1, 1, 45));
  EXPECT_EQ(ops::segment_sum(Tensor(data), Tensor(ids)).shape(), (Shape{3}));
  expect_error(
      [&] {
        run([](const Tensors& t) { return ops::segment_sum(t[0], t[1]); }, {data, ids});
      },
      "num_segments must be given");
}

}  // namespace
}  // namespace hornbeam
