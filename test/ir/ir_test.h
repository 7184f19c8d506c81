// What the tests of horn share: short ways to build, run and fill arrays.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "ir/builder.h"

namespace hornbeam::ir::testing {

// The value of a StatusOr, or a failed test that says why not.
template <typename T>
T must(absl::StatusOr<T> result) {
  if (!result.ok()) {
    ADD_FAILURE() << result.status();
    throw Error(std::string(result.status().message()));
  }
  return *std::move(result);
}

inline Array f32(Shape shape, std::vector<float> values) {
  return Array::of<float>(std::move(shape), std::span<const float>(values));
}
inline Array f64(Shape shape, std::vector<double> values) {
  return Array::of<double>(std::move(shape), std::span<const double>(values));
}
inline Array i32(Shape shape, std::vector<int32_t> values) {
  return Array::of<int32_t>(std::move(shape), std::span<const int32_t>(values));
}
inline Array bools(Shape shape, std::vector<int> values) {
  Array array(DType::boolean, std::move(shape));
  for (size_t i = 0; i < values.size(); ++i) array.set_int(static_cast<int64_t>(i), values[i]);
  return array;
}
inline std::vector<double> values(const Array& array) {
  std::vector<double> all;
  for (int64_t i = 0; i < array.num_elements(); ++i) all.push_back(array.get(i));
  return all;
}

// The one result of an op on arrays.
inline Array run(std::string_view op, std::vector<Array> operands, const Attrs& attrs = {}) {
  return must(evaluate(op, operands, attrs))[0];
}
// The message of what infer refuses; empty if it does not.
inline std::string refusal(std::string_view op, std::vector<Type> operands, const Attrs& attrs = {}) {
  auto types = infer(op, operands, attrs);
  return types.ok() ? "" : std::string(types.status().message());
}
inline Shape inferred(std::string_view op, std::vector<Type> operands, const Attrs& attrs = {}) {
  return must(infer(op, operands, attrs))[0].shape;
}

inline Type f32_type(Shape shape) { return {DType::float32, std::move(shape)}; }
inline Type i32_type(Shape shape) { return {DType::int32, std::move(shape)}; }

using List = std::vector<int64_t>;

// Uniform numbers in [low, high], the same for a seed everywhere; integers of an integer dtype.
inline Array random_array(const Type& type, double low, double high, uint32_t seed) {
  std::mt19937 generator(seed);
  Array array(type.dtype, type.shape);
  for (int64_t i = 0; i < array.num_elements(); ++i) {
    double unit = static_cast<double>(generator()) / 4294967296.0;
    if (is_float(type.dtype))
      array.set(i, low + unit * (high - low));
    else
      array.set_int(i, static_cast<int64_t>(low + unit * (high - low + 1)));
  }
  return array;
}

}  // namespace hornbeam::ir::testing
