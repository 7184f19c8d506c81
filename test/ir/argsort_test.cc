// argsort: what the reference gives, and that compiled code gives the same.
#include <cmath>

#include "../codegen/compiled_support.h"
#include "ir_test.h"

namespace hornbeam::ir::testing {
namespace {

using ::testing::ElementsAre;

Attrs along(int64_t axis, bool descending = false) { return {{"axis", axis}, {"descending", descending}}; }

Array argsort(const Array& x, const Attrs& attrs) { return must(evaluate("argsort", std::vector<Array>{x}, attrs))[0]; }

TEST(Argsort, IsStableWithNanLast) {
  double nan = NAN;
  EXPECT_THAT(values(argsort(f64({5}, {2, 1, 2, 0, 1}), along(0))), ElementsAre(3, 1, 4, 0, 2));
  EXPECT_THAT(values(argsort(f64({5}, {2, 1, 2, 0, 1}), along(0, true))), ElementsAre(0, 2, 1, 4, 3));
  EXPECT_THAT(values(argsort(f64({4}, {nan, 1, nan, -1}), along(0))), ElementsAre(3, 1, 0, 2));
  EXPECT_THAT(values(argsort(f64({4}, {nan, 1, nan, -1}), along(0, true))), ElementsAre(0, 2, 1, 3));
  EXPECT_THAT(values(argsort(f64({2, 2}, {3, 1, 2, 4}), along(0))), ElementsAre(1, 0, 0, 1));
}

TEST(Argsort, CompiledEqualsTheReference) {
  struct Sorted {
    Array x;
    int64_t axis;
  };
  std::vector<Sorted> all{{random_array({DType::float32, {37}}, -1, 1, 1), 0},
                          {random_array({DType::float32, {3, 20, 2}}, -1, 1, 2), 1},
                          {random_array({DType::int32, {4, 33}}, -3, 3, 3), 1},
                          {random_array({DType::uint8, {9, 5}}, 0, 4, 4), 0},
                          {random_array({DType::float64, {1}}, 0, 4, 5), 0}};
  Array with_nan = random_array({DType::float32, {2, 19}}, -1, 1, 6);
  for (int64_t i : {0, 3, 18, 20, 30}) with_nan.set(i, NAN);
  all.push_back({with_nan, 1});
  for (const auto& [x, axis] : all)
    for (bool descending : {false, true}) {
      Type type{x.dtype(), x.shape()};
      Attrs attrs = along(axis, descending);
      test::Function function{{type}, [&](Builder& b, const std::vector<Value>& args) {
                                return std::vector<Value>{must(b.create_one("argsort", args, attrs))};
                              }};
      auto compiled = test::run_compiled(function, {x}, 1);
      ASSERT_TRUE(compiled.ok()) << compiled.status();
      EXPECT_EQ(values((*compiled)[0]), values(argsort(x, attrs))) << x.shape().to_string() << " axis " << axis;
    }
}

TEST(Argsort, WantsAnAxis) {
  EXPECT_FALSE(infer("argsort", std::vector<Type>{{DType::float32, {2, 3}}}, along(2)).ok());
}

}  // namespace
}  // namespace hornbeam::ir::testing
