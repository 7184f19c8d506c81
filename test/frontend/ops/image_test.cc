// Images: what is exact whatever the filter, edges, and what is refused.
#include <hornbeam/ops/image.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using ::testing::ElementsAre;
using testing::evaluated;
using testing::expect_error;

template <class F>
std::vector<double> of(F function, const Array& x) {
  Array y = evaluated([&](const Tensors& t) -> Tensors { return function(t.single()); }, x)[0];
  std::vector<double> values;
  for (int64_t i = 0; i < y.num_elements(); ++i) values.push_back(y.get(i));
  return values;
}
Array row(std::vector<float> values) {
  int64_t n = static_cast<int64_t>(values.size());
  return Array::of<float>({1, n, 1}, std::span<const float>(values));
}

TEST(Resize, KeepsAConstantImage) {
  Array x(DType::float32, {5, 7, 2});
  for (int64_t i = 0; i < x.num_elements(); ++i) x.set(i, 0.25);
  for (const char* filter : {"nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"})
    for (bool antialias : {false, true})
      for (auto size : {std::pair<int64_t, int64_t>(3, 11), std::pair<int64_t, int64_t>(9, 2)})
        for (double value : of(
                 [&](const Tensor& t) {
                   return ops::image::resize(t, size, {.interpolation = filter, .antialias = antialias});
                 },
                 x))
          EXPECT_NEAR(value, 0.25, 1e-6) << filter;
}

TEST(Resize, RoundsAndSaturatesIntegers) {
  Array x = row({0, 255, 255}).cast(DType::uint8);
  EXPECT_THAT(of(
                  [](const Tensor& t) {
                    return ops::image::resize(t, {1, 6});
                  },
                  x),
              ElementsAre(0, 64, 191, 255, 255, 255));
  std::vector<double> sharp = of(
      [](const Tensor& t) {
        return ops::image::resize(t, {1, 6}, {.interpolation = "bicubic"});
      },
      x);
  EXPECT_EQ(sharp.front(), 0);  // the cubic goes below 0 and above 255
  EXPECT_EQ(*std::max_element(sharp.begin(), sharp.end()), 255);
}

TEST(Resize, RefusesWhatItCannotDo) {
  Array x = row({1, 2});
  expect_error(
      [&] {
        of([](const Tensor& t) { return ops::image::resize(t, {1, 2}, {.interpolation = "gauss"}); }, x);
      },
      "Invalid value for argument `interpolation`");
  expect_error([&] { of([](const Tensor& t) { return ops::image::resize(t, {0, 2}); }, x); }, "size must be positive");
  expect_error(
      [&] {
        of(
            [](const Tensor& t) {
              return ops::image::resize(t, {1, 1}, {.crop_to_aspect_ratio = true, .pad_to_aspect_ratio = true});
            },
            x);
      },
      "Only one of");
}

TEST(Margins, TwoOfThreeAreEnough) {
  Array x = row({1, 2, 3, 4, 5});
  EXPECT_THAT(of(
                  [](const Tensor& t) {
                    return ops::image::crop_images(t, {.top = 0, .left = 1, .bottom = 0, .target_width = 3});
                  },
                  x),
              ElementsAre(2, 3, 4));
  EXPECT_THAT(of(
                  [](const Tensor& t) {
                    return ops::image::pad_images(t, {.top = 0, .left = 1, .bottom = 0, .target_width = 8});
                  },
                  x),
              ElementsAre(0, 1, 2, 3, 4, 5, 0, 0));
  expect_error(
      [&] { of([](const Tensor& t) { return ops::image::crop_images(t, {.top = 0, .left = 1, .bottom = 0}); }, x); },
      "must be given");
  expect_error(
      [&] {
        of(
            [](const Tensor& t) {
              return ops::image::crop_images(t, {.top = 0, .left = 4, .bottom = 0, .target_width = 3});
            },
            x);
      },
      "do not fit");
}

TEST(Colors, ComeBack) {
  Array x = Array::of<float>({1, 4, 3}, {0.1f, 0.5f, 0.9f, 1, 1, 1, 0, 0, 0, 0.7f, 0.7f, 0.2f});
  std::vector<double> back = of([](const Tensor& t) { return ops::image::hsv_to_rgb(ops::image::rgb_to_hsv(t)); }, x);
  for (int64_t i = 0; i < 12; ++i) EXPECT_NEAR(back[i], x.get(i), 1e-6);
}

TEST(MapCoordinates, FoldsWhatIsBeyondTheEdges) {
  Array x = Array::of<float>({3}, {1, 2, 3});
  Tensor places(Array::of<float>({4}, {-2, -1, 3, 4}));
  auto at = [&](const char* mode) {
    return of([&](const Tensor& t) { return ops::image::map_coordinates(t, {places}, 1, mode, 9); }, x);
  };
  EXPECT_THAT(at("constant"), ElementsAre(9, 9, 9, 9));
  EXPECT_THAT(at("nearest"), ElementsAre(1, 1, 3, 3));
  EXPECT_THAT(at("wrap"), ElementsAre(2, 3, 1, 2));
  EXPECT_THAT(at("mirror"), ElementsAre(3, 2, 2, 1));
  EXPECT_THAT(at("reflect"), ElementsAre(2, 1, 3, 2));
  expect_error([&] { at("edge"); }, "Invalid value for argument `fill_mode`");
}

}  // namespace
}  // namespace hornbeam
