// Pads, compiled: results that are filled as a whole, and larger ones of which only the border is.
#include <gtest/gtest.h>

#include "compiled_support.h"

namespace hornbeam::test {
namespace {

using List = std::vector<int64_t>;
using Values = std::vector<ir::Value>;

struct Pad {
  List shape, low, high;
  DType dtype = DType::float32;
};
void PrintTo(const Pad& pad, std::ostream* out) {
  *out << ::testing::PrintToString(pad.shape) << " low " << ::testing::PrintToString(pad.low) << " high "
       << ::testing::PrintToString(pad.high);
}

class Pads : public ::testing::TestWithParam<Pad> {};
TEST_P(Pads, EqualTheReference) {
  const Pad& pad = GetParam();
  // The operand is doubled on the way, and the value is one that no fill of zeros hits.
  Function function{{{pad.dtype, Shape(pad.shape)}, {pad.dtype, {}}},
                    [=](ir::Builder& b, const std::vector<ir::Value>& a) -> std::vector<ir::Value> {
                      absl::StatusOr<ir::Value> twice = b.create_one("add", Values{a[0], a[0]});
                      absl::StatusOr<ir::Value> result =
                          b.create_one("pad", Values{*twice, a[1]}, {{"low", pad.low}, {"high", pad.high}});
                      if (!result.ok()) throw Error(std::string(result.status().message()));
                      return {*result};
                    }};
  for (int threads : {1, 2}) EXPECT_EQ(check(function, 11, threads), "") << threads;
}
INSTANTIATE_TEST_SUITE_P(All, Pads,
                         ::testing::Values(Pad{{3, 5}, {1, 0}, {0, 2}}, Pad{{2, 4, 4, 3}, {0, 1, 1, 0}, {0, 1, 2, 0}},
                                           // Above the size of a second cache.
                                           Pad{{4, 60, 60, 33}, {0, 1, 1, 0}, {0, 1, 1, 0}},
                                           Pad{{2, 100, 70, 40}, {0, 0, 2, 1}, {0, 3, 0, 2}},
                                           Pad{{700, 900}, {3, 0}, {0, 5}}, Pad{{600000}, {7}, {9}},
                                           Pad{{3, 500, 20, 1, 25}, {1, 0, 0, 2, 0}, {0, 1, 1, 0, 0}},
                                           Pad{{300, 2000}, {0, 1}, {2, 0}, DType::int32}));

}  // namespace
}  // namespace hornbeam::test
