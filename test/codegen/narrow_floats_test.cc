// float16 and bfloat16: what is computed does not hang on which ops share a kernel.
#include <gtest/gtest.h>

#include "compiled_support.h"

namespace hornbeam::test {
namespace {

using Values = std::vector<ir::Value>;

ir::Value op(ir::Builder& b, const char* name, const Values& operands, const ir::Attrs& attrs = {}) {
  absl::StatusOr<ir::Value> value = b.create_one(name, operands, attrs);
  if (!value.ok()) throw Error(std::string(value.status().message()));
  return *value;
}

class NarrowFloats : public testing::TestWithParam<DType> {};

TEST_P(NarrowFloats, AreRoundedAfterEachOfSeveralOpsInOneKernel) {
  ir::Type type{GetParam(), Shape{5, 40}};
  Function function{{type, type, type}, [](ir::Builder& b, const Values& a) -> Values {
                      ir::Value sum = op(b, "add", {a[0], a[1]});
                      return {op(b, "subtract", {op(b, "multiply", {sum, a[2]}), a[0]})};
                    }};
  // To the bit.
  EXPECT_EQ(check(function, 3, 1, 0, 0), "");
}

TEST_P(NarrowFloats, AreRoundedOnceInASoftmax) {
  ir::Type type{GetParam(), Shape{6, 50}};
  Function function{{type, type}, [](ir::Builder& b, const Values& a) -> Values {
                      ir::Value y = op(b, "softmax", {a[0]}, {{"axis", int64_t{1}}});
                      return {y, op(b, "logsumexp", {a[0]}, {{"axes", std::vector<int64_t>{1}}}),
                              op(b, "softmax_cross_entropy", {a[0], y})};
                    }};
  // One unit in the last place: where the wider result is just between two numbers, either is right.
  double unit = GetParam() == DType::bfloat16 ? 0x1p-7 : 0x1p-10;
  EXPECT_EQ(check(function, 5, 1, unit, 0), "");
}

INSTANTIATE_TEST_SUITE_P(Types, NarrowFloats, testing::Values(DType::float16, DType::bfloat16),
                         [](const testing::TestParamInfo<DType>& info) { return std::string(name_of(info.param)); });

}  // namespace
}  // namespace hornbeam::test
