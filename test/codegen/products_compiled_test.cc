// Matrix products whose operands are packed or turned, and maps that turn theirs, compiled: sizes around those of
// tiles, panels and blocks, tails included.
#include <gtest/gtest.h>

#include "compiled_support.h"

namespace hornbeam::test {
namespace {

using List = std::vector<int64_t>;

ir::Value op(ir::Builder& b, const char* name, const std::vector<ir::Value>& operands, const ir::Attrs& attrs) {
  absl::StatusOr<ir::Value> value = b.create_one(name, operands, attrs);
  if (!value.ok()) throw Error(std::string(value.status().message()));
  return *value;
}

// lhs [batch, m, k] or [batch, k, m], rhs [batch, k, n] or [batch, n, k]; no batch where it is 0.
struct Product {
  int64_t batch, m, n, k;
  bool turned_lhs, turned_rhs;
  DType dtype = DType::float32;
};
void PrintTo(const Product& p, std::ostream* out) {
  *out << p.batch << " x " << p.m << "x" << p.n << "x" << p.k << (p.turned_lhs ? ", turned lhs" : "")
       << (p.turned_rhs ? ", turned rhs" : "");
}

Function function_of(const Product& p) {
  auto shape = [&](int64_t a, int64_t b) { return p.batch ? Shape{p.batch, a, b} : Shape{a, b}; };
  int64_t first = p.batch ? 1 : 0;
  ir::Attrs attrs{{"lhs_contract", List{first + (p.turned_lhs ? 0 : 1)}},
                  {"rhs_contract", List{first + (p.turned_rhs ? 1 : 0)}},
                  {"lhs_batch", p.batch ? List{0} : List{}},
                  {"rhs_batch", p.batch ? List{0} : List{}}};
  return {{{p.dtype, p.turned_lhs ? shape(p.k, p.m) : shape(p.m, p.k)},
           {p.dtype, p.turned_rhs ? shape(p.n, p.k) : shape(p.k, p.n)}},
          [=](ir::Builder& b, const std::vector<ir::Value>& a) -> std::vector<ir::Value> {
            return {op(b, "dot", {a[0], a[1]}, attrs)};
          }};
}

class Products : public ::testing::TestWithParam<Product> {};
TEST_P(Products, EqualTheReference) {
  double tolerance = GetParam().dtype == DType::float32 ? 2e-4 : 2e-2;
  for (int threads : {1, 2}) EXPECT_EQ(check(function_of(GetParam()), 7, threads, tolerance, tolerance), "") << threads;
}
INSTANTIATE_TEST_SUITE_P(All, Products,
                         ::testing::Values(
                             // A turned rhs: one panel, a tail of columns, several panels; blocks with a tail of depth.
                             Product{0, 5, 32, 16, false, true}, Product{0, 3, 7, 5, false, true},
                             Product{0, 33, 70, 37, false, true}, Product{0, 15, 100, 784, false, true},
                             Product{3, 9, 45, 20, false, true}, Product{0, 14, 40, 33, true, true},
                             Product{0, 20, 50, 18, false, true, DType::bfloat16},
                             // Rows of rhs that put each other out of the cache, and rows of lhs a page apart.
                             Product{0, 97, 1024, 300, false, false}, Product{0, 30, 140, 1024, false, false},
                             Product{0, 101, 1056, 1024, false, false}, Product{2, 98, 1024, 140, true, false},
                             // A result larger than the cache: rows outside.
                             Product{0, 300, 1000, 20, true, false}));

// y[i, j, k] = 2 x[k, i, j] + z[i, j, k], and other orders: squares are turned along the axis on which x is contiguous.
struct Turn {
  List shape, permutation;
  DType dtype = DType::float32;
};
void PrintTo(const Turn& t, std::ostream* out) {
  *out << ::testing::PrintToString(t.shape) << " by " << ::testing::PrintToString(t.permutation);
}
class Turns : public ::testing::TestWithParam<Turn> {};
TEST_P(Turns, EqualTheReference) {
  const Turn& t = GetParam();
  List turned;
  for (int64_t axis : t.permutation) turned.push_back(t.shape[axis]);
  Function function{{{t.dtype, Shape(t.shape)}, {t.dtype, Shape(turned)}},
                    [=](ir::Builder& b, const std::vector<ir::Value>& a) -> std::vector<ir::Value> {
                      ir::Value x = op(b, "transpose", {a[0]}, {{"permutation", t.permutation}});
                      return {op(b, "add", {op(b, "add", {x, x}, {}), a[1]}, {})};
                    }};
  for (int threads : {1, 2}) EXPECT_EQ(check(function, 3, threads), "") << threads;
}
INSTANTIATE_TEST_SUITE_P(All, Turns,
                         ::testing::Values(Turn{{16, 16}, {1, 0}}, Turn{{5, 3}, {1, 0}}, Turn{{33, 47}, {1, 0}},
                                           Turn{{300, 500}, {1, 0}}, Turn{{6, 20, 40}, {2, 0, 1}},
                                           Turn{{6, 20, 40}, {0, 2, 1}}, Turn{{40, 6, 20}, {1, 2, 0}},
                                           Turn{{3, 17, 5, 19}, {0, 3, 2, 1}}, Turn{{33, 47}, {1, 0}, DType::float64},
                                           Turn{{33, 47}, {1, 0}, DType::int32},
                                           Turn{{40, 50}, {1, 0}, DType::bfloat16}));

}  // namespace
}  // namespace hornbeam::test
