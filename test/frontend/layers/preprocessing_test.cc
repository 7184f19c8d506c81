// Preprocessing layers: what adapt() learns, and what may not be done with it.
#include <gtest/gtest.h>
#include <hornbeam/layers/discretization.h>
#include <hornbeam/layers/integer_lookup.h>
#include <hornbeam/layers/normalization.h>
#include <hornbeam/layers/resizing.h>

#include "test/frontend/arrays_support.h"
#include "test/frontend/evaluated_support.h"

namespace hornbeam::layers {
namespace {

using testing::at;
using testing::evaluated;
using testing::expect_error;

Array called(const Layer& layer, const Array& x) {
  return evaluated([&](const Tensors& in) { return layer.invoke(in); }, Arrays(x), layer.variables()).at(0);
}

TEST(Preprocessing, NormalizesByWhatItAdaptedTo) {
  Normalization layer;
  layer.adapt(Array::of<float>({4, 2}, {1, 10, 2, 10, 3, 30, 4, 30}));
  Array y = called(layer, Array::of<float>({1, 2}, {2.5, 40}));
  EXPECT_NEAR(at(y, 0), 0, 1e-6);
  EXPECT_NEAR(at(y, 1), 2, 1e-6);
  Normalization undo({.mean = Numbers{2.5, 20}, .variance = Numbers{1.25, 100}, .invert = true});
  EXPECT_NEAR(at(called(undo, y), 1), 40, 1e-4);
  expect_error([&] { undo.adapt(Array(DType::float32, {2, 2})); }, "made with values for `mean` and `variance`");
  expect_error([&] { called(layer, Array(DType::float32, {1, 3})); }, "expected features of shape (2,)");
}

TEST(Preprocessing, CutsAdaptedDataIntoEqualBins) {
  Discretization layer({.num_bins = 4});
  expect_error([&] { called(layer, Array(DType::float32, {1, 2})); }, "has no bins");
  Array data(DType::float32, {1000});
  for (int64_t i = 0; i < 1000; ++i) data.set(i, static_cast<double>((i * 7) % 1000));
  layer.adapt(data);
  ASSERT_EQ(layer.bin_boundaries()->size(), 3u);
  for (int64_t i = 0; i < 3; ++i) EXPECT_NEAR((*layer.bin_boundaries())[i], 250.0 * static_cast<double>(i + 1), 12);
  Array y = called(layer, Array::of<float>({4}, {-5, 260, 700, 5000}));
  EXPECT_EQ(y.dtype(), DType::int32);
  for (int64_t i = 0; i < 4; ++i) EXPECT_EQ(y.get_int(i), i);
  Discretization copy = layer;
  EXPECT_EQ(copy.bin_boundaries(), layer.bin_boundaries());
}

TEST(Preprocessing, NumbersTokensByFrequency) {
  IntegerLookup layer({.mask_token = 0});
  expect_error([&] { called(layer, Array::of<int64_t>({1}, {4})); }, "has no vocabulary");
  layer.adapt(Array::of<int64_t>({6}, {7, 7, 7, 4, 9, 0}));
  EXPECT_EQ(layer.get_vocabulary(), (std::vector<int64_t>{0, -1, 7, 9, 4}));
  Array y = called(layer, Array::of<int64_t>({5}, {0, 7, 9, 4, 123}));
  EXPECT_EQ(y.get_int(0), 0);
  EXPECT_EQ(y.get_int(1), 2);
  EXPECT_EQ(y.get_int(2), 3);
  EXPECT_EQ(y.get_int(3), 4);
  EXPECT_EQ(y.get_int(4), 1);
  IntegerLookup back({.mask_token = 0, .vocabulary = layer.get_vocabulary(), .invert = true});
  Array x = called(back, y);
  EXPECT_EQ(x.get_int(0), 0);
  EXPECT_EQ(x.get_int(1), 7);
  EXPECT_EQ(x.get_int(4), -1);
  expect_error([&] { back.adapt(Array(DType::int64, {3})); }, "after setting a static vocabulary");
  expect_error([&] { IntegerLookup({.max_tokens = 2, .vocabulary = {{1, 2, 3}}}); }, "more than max_tokens=2");
}

TEST(Preprocessing, RoundsResizedIntegers) {
  Array y = called(Resizing({.height = 1, .width = 1, .interpolation = "area"}),
                   Array::of<uint8_t>({1, 2, 2, 1}, {1, 2, 3, 5}));
  EXPECT_EQ(y.dtype(), DType::uint8);
  EXPECT_EQ(y.get_int(0), 3);  // 2.75
}

}  // namespace
}  // namespace hornbeam::layers
