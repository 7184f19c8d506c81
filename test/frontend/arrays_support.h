// Arrays of random numbers for tests, and their comparison.
#pragma once

#include <cstring>

#include <gtest/gtest.h>
#include <hornbeam/base/array.h>
#include <hornbeam/base/philox.h>

namespace hornbeam::testing {

// Floats in [-0.5, 0.5), by the seed alone.
inline Array random_array(Shape shape, uint32_t seed) {
  Array array(DType::float32, std::move(shape));
  for (int64_t i = 0; i < array.num_elements(); ++i)
    array.mutable_as<float>()[i] = unit_float(philox4x32({static_cast<uint32_t>(i), 0, 0, 0}, {seed, 9})[0]) - 0.5f;
  return array;
}

inline float at(const Array& array, int64_t i) { return array.as<float>()[i]; }

inline void expect_near(const Array& a, const Array& b, float tolerance) {
  ASSERT_EQ(a.shape(), b.shape());
  for (int64_t i = 0; i < a.num_elements(); ++i) EXPECT_NEAR(at(a, i), at(b, i), tolerance) << "element " << i;
}

inline void expect_same_bits(const Array& a, const Array& b) {
  ASSERT_EQ(a.bytes(), b.bytes());
  EXPECT_EQ(std::memcmp(a.data(), b.data(), a.bytes()), 0);
}

}  // namespace hornbeam::testing
