// The limits of a JSON text.
#include <gtest/gtest.h>
#include <hornbeam/base/error.h>

#include "frontend/src/saving/json_bounds.h"

namespace hornbeam::saving {
namespace {

constexpr JsonBounds kSmall{.most_bytes = 1000, .most_values = 20, .most_depth = 3};

TEST(JsonBounds, LetsSoundTextsPass) {
  EXPECT_NO_THROW(
      check_json_bounds(R"({"a": [1, 2, {"b": "[[[[[,,,,,,,,,,,,,,,,,,,,"}], "c\"[[[[": 1})", "text", kSmall));
  EXPECT_NO_THROW(check_json_bounds("", "text", kSmall));
}

TEST(JsonBounds, RefusesDepthCountAndSize) {
  EXPECT_THROW(check_json_bounds("[[[[", "text", kSmall), IOError);
  EXPECT_NO_THROW(check_json_bounds("[][][][][[[]]]", "text", kSmall)) << "depth is not a count";
  EXPECT_THROW(check_json_bounds("[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]", "text", kSmall), IOError);
  EXPECT_THROW(check_json_bounds(std::string(1001, ' '), "text", kSmall), IOError);
}

}  // namespace
}  // namespace hornbeam::saving
