// What the tests of model files share: comparisons, temporary folders, and what Keras recorded of the models in data/keras.
#pragma once

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <hornbeam/saving.h>
#include <nlohmann/json.hpp>

#include "test/saving/hdf5_files.h"
#include "test/support/temporary_folder.h"

namespace hornbeam::saving_test {

using test::TemporaryFolder;

inline void expect_bytes_equal(const Array& found, const Array& expected, const std::string& what) {
  ASSERT_EQ(found.shape(), expected.shape()) << what;
  ASSERT_EQ(found.dtype(), expected.dtype()) << what;
  EXPECT_EQ(std::memcmp(found.data(), expected.data(), expected.bytes()), 0) << what;
}

inline void expect_same_weights(const Model& found, const Model& expected) {
  std::vector<Variable> a = found.weights(), b = expected.weights();
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) expect_bytes_equal(a[i].value(), b[i].value(), b[i].path());
}

inline void expect_same_optimizer(const Model& found, const Model& expected) {
  ASSERT_TRUE(found.compiled());
  std::vector<Variable> a = found.optimizer()->variables(), b = expected.optimizer()->variables();
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) expect_bytes_equal(a[i].value(), b[i].value(), b[i].path());
}

// Within Keras' own disagreement: |a - b| <= rtol * (1e-3 + |b|), and some units in the last place of the numbers around 1
// that outputs near 0 come from.
inline void expect_close(const Array& found, const Array& expected, double rtol, const std::string& what) {
  ASSERT_EQ(found.shape(), expected.shape()) << what;
  for (int64_t i = 0; i < found.num_elements(); ++i)
    ASSERT_NEAR(found.get(i), expected.get(i), rtol * (1e-3 + std::fabs(expected.get(i))) + 5e-7) << what << " at " << i;
}

inline Arrays as_arrays(std::vector<Array> arrays) {
  return arrays.size() == 1 ? Arrays(arrays[0]) : Arrays(std::move(arrays));
}

inline nlohmann::json read_json(const std::string& path) {
  auto bytes = read_file(path);
  return nlohmann::json::parse(bytes.begin(), bytes.end());
}

}  // namespace hornbeam::saving_test
