// What test/frontend/data/record.py recorded of Keras and TensorFlow.
#pragma once

#include <cmath>
#include <functional>
#include <map>
#include <string>

#include <gtest/gtest.h>
#include <hornbeam/base/array.h>
#include <hornbeam/base/error.h>
#include <hornbeam/runtime/data/npy.h>

namespace hornbeam::data_test {

inline std::string recorded_path(const std::string& name) {
  return std::string(HORNBEAM_TEST_DATA) + "/frontend/data/recorded/" + name;
}

inline const Array& recorded(const std::string& name) {
  static const std::map<std::string, Array> all = [] {
    std::map<std::string, Array> arrays;
    for (auto& [key, array] : runtime::read_npz(recorded_path("recorded.npz"))) arrays[key] = array;
    return arrays;
  }();
  return all.at(name);
}

// The largest difference of any element, over shapes that must be equal.
inline double largest_difference(const Array& got, const Array& expected) {
  EXPECT_EQ(got.shape(), expected.shape());
  if (got.shape() != expected.shape()) return 1e9;
  double most = 0;
  for (int64_t i = 0; i < got.num_elements(); ++i) most = std::max(most, std::abs(got.get(i) - expected.get(i)));
  return most;
}

inline std::string error_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace hornbeam::data_test
