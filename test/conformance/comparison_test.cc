// The comparison itself: that it sees what it must.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "test/conformance/cases_support.h"

namespace hornbeam::conformance {
namespace {

const Array kWant = Array::of<float>({3}, {1.0f, -2.0f, 0.0f});

TEST(Comparison, AcceptsWhatIsWithinTheTolerance) {
  EXPECT_EQ(difference(kWant, kWant, 0, 0), "");
  EXPECT_EQ(difference(Array::of<float>({3}, {1.001f, -2.0f, 0.0f}), kWant, 2e-3, 0), "");
  EXPECT_EQ(difference(Array::of<float>({3}, {1.0f, -2.0f, 1e-5f}), kWant, 0, 2e-5), "");
}

TEST(Comparison, SeesADifference) {
  EXPECT_NE(difference(Array::of<float>({3}, {1.0f, -2.1f, 0.0f}), kWant, 1e-3, 1e-3), "");
  EXPECT_NE(difference(Array::of<float>({3}, {1.0f, -2.0f, NAN}), kWant, 1e-3, 1e-3), "");
  EXPECT_NE(difference(kWant, Array::of<float>({3}, {1.0f, -2.0f, NAN}), 1e-3, 1e-3), "");
  EXPECT_NE(difference(Array::of<float>({3}, {1.0f, -2.0f, INFINITY}), kWant, 1e-3, 1e-3), "");
}

TEST(Comparison, TakesEqualInfinitiesAndNaNsForEqual) {
  Array odd = Array::of<float>({2}, {INFINITY, NAN});
  EXPECT_EQ(difference(odd, odd.clone(), 1e-3, 1e-3), "");
}

TEST(Comparison, SeesShapesAndKinds) {
  EXPECT_NE(difference(kWant.reshaped({3, 1}), kWant, 1, 1), "");
  EXPECT_NE(difference(kWant.cast(DType::int32), kWant, 1, 1), "");
  EXPECT_NE(difference(kWant.cast(DType::float64), kWant, 1, 1), "");
  EXPECT_NE(difference(Array(), kWant, 1, 1), "");
}

TEST(Comparison, WantsIntegersEqualInAnyWidth) {
  Array want = Array::of<int64_t>({2}, {1, 2});
  EXPECT_EQ(difference(Array::of<int32_t>({2}, {1, 2}), want, 10, 10), "");
  EXPECT_NE(difference(Array::of<int32_t>({2}, {1, 3}), want, 10, 10), "");
}

}  // namespace
}  // namespace hornbeam::conformance
