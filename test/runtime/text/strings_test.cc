// Arrays of strings.
#include <hornbeam/base/strings.h>

#include "test/runtime/program_support.h"

namespace hornbeam {
namespace {

TEST(Strings, AreArrays) {
  Array array = strings({2, 2}, {"a", "", std::string("z\0z", 3), "long enough to be on the heap, surely"});
  EXPECT_EQ(array.dtype(), DType::string);
  EXPECT_EQ(strings_of(array)[2].size(), 3u);
  Array rows = array.rows(1, 2);
  EXPECT_EQ(rows.shape(), (Shape{1, 2}));
  EXPECT_EQ(strings_of(rows)[1], "long enough to be on the heap, surely");
  EXPECT_EQ(strings_of(array.reshaped({4}))[0], "a");
  Array copy = array.clone();
  mutable_strings_of(copy)[0] = "other";
  EXPECT_EQ(strings_of(array)[0], "a");
  EXPECT_EQ(strings_of(array.cast(DType::string))[0], "a");
}

TEST(Strings, OfAShapeAreEmpty) {
  Array array(DType::string, {3});
  EXPECT_EQ(strings_of(array).size(), 3u);
  EXPECT_EQ(strings_of(array)[1], "");
}

TEST(Strings, AreNoNumbers) {
  EXPECT_ERROR(strings({"1"}).cast(DType::int32), TypeError, "dtype string");
  EXPECT_ERROR(Array(DType::int32, {1}).cast(DType::string), TypeError, "cannot be cast to strings");
  EXPECT_ERROR(strings_of(Array(DType::int32, {1})), TypeError, "An array of strings was expected. Received: an array of int32");
  EXPECT_ERROR(strings({3}, {"a"}), ValueError, "does not have 1 elements");
  EXPECT_ERROR(Array(DType::string, {int64_t{1} << 58}), ValueError, "No memory for an array");
}

}  // namespace
}  // namespace hornbeam
