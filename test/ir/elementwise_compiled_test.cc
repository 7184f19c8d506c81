// The scalar form of every elementwise op, compiled, against the reference evaluator: all dtypes that the op takes, at
// the values where forms go wrong (zeros, signs, infinities, NaN, the ends of integers).
#include <cmath>
#include <limits>

#include "../codegen/compiled_support.h"
#include "ir_test.h"

namespace hornbeam::ir::testing {
namespace {

const std::vector<DType> kFloats{DType::float32, DType::float64};
const std::vector<DType> kIntegers{DType::int8,  DType::int16,  DType::int32,  DType::int64,
                                   DType::uint8, DType::uint16, DType::uint32, DType::uint64};

// Every pair of special values, as two arrays; with vectors and a tail.
std::pair<Array, Array> pairs(DType dtype) {
  std::vector<double> specials;
  if (is_float(dtype)) {
    double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    specials = {0.0, -0.0, 1, -1, 0.5, -0.5, 2.5, -1.5, 3, -7, 0.1, 30, -30, 100, inf, -inf, nan};
  } else {
    double bits = static_cast<double>(size_of(dtype)) * 8;
    specials = {0, 1, 2, 3, 7, 100};
    if (is_signed_integer(dtype))
      for (double x : {-1.0, -2.0, -7.0, -std::ldexp(1, static_cast<int>(bits) - 1)}) specials.push_back(x);
    if (bits < 64) specials.push_back(std::ldexp(1, static_cast<int>(bits) - is_signed_integer(dtype)) - 1);
  }
  int64_t n = static_cast<int64_t>(specials.size());
  Array x(dtype, {n * n}), y(dtype, {n * n});
  for (int64_t i = 0; i < n * n; ++i) x.set(i, specials[i / n]), y.set(i, specials[i % n]);
  return {x, y};
}

int checked = 0;

void check(const std::string& op, const std::vector<Array>& operands, const Attrs& attrs = {}) {
  std::vector<Type> types;
  for (const Array& x : operands) types.push_back({x.dtype(), x.shape()});
  std::string what = op + " of " + std::string(name_of(operands.back().dtype()));
  if (!infer(op, types, attrs).ok()) return;  // not an op of this dtype
  ++checked;
  test::Function function{types, [&](Builder& b, const std::vector<Value>& args) {
                            return std::vector<Value>{must(b.create_one(op, args, attrs))};
                          }};
  auto compiled = test::run_compiled(function, operands, 1);
  ASSERT_TRUE(compiled.ok()) << what << ": " << compiled.status();
  std::vector<Array> reference = must(evaluate(op, operands, attrs));
  double rtol = operands.back().dtype() == DType::float64 ? 1e-14 : 1e-6;
  for (int64_t i = 0; i < reference[0].num_elements(); ++i) {
    double a = (*compiled)[0].get(i), b = reference[0].get(i);
    bool equal = std::isnan(b) ? std::isnan(a) : a == b || std::abs(a - b) <= rtol * std::abs(b);
    std::string of;
    for (const Array& x : operands) of += " " + std::to_string(x.get(i));
    EXPECT_TRUE(equal) << what << " of" << of << ": compiled " << a << ", reference " << b;
  }
}

TEST(ElementwiseCompiled, EqualsTheReference) {
  // All elementwise ops but cast and select, which have tests of their own.
  for (const char* op : {"negative", "abs",     "sign", "exp",    "expm1",     "log",    "log1p",        "sqrt",
                         "rsqrt",    "sin",     "cos",  "tan",    "tanh",      "erf",    "floor",        "ceil",
                         "round",    "sigmoid", "relu", "is_nan", "is_finite", "is_inf", "stop_gradient",
                         "atan",     "erfc",    "erfinv"}) {
    for (DType dtype : kFloats) check(op, {pairs(dtype).first});
    for (DType dtype : kIntegers) check(op, {pairs(dtype).first});
  }
  for (const char* op : {"add", "subtract", "multiply", "divide", "power", "maximum", "minimum", "remainder",
                         "floor_divide", "equal", "not_equal", "less", "less_equal", "greater", "greater_equal", "atan2",
                         "bitwise_and", "bitwise_or", "bitwise_xor", "shift_left", "shift_right"}) {
    for (DType dtype : kFloats) check(op, {pairs(dtype).first, pairs(dtype).second});
    for (DType dtype : kIntegers) check(op, {pairs(dtype).first, pairs(dtype).second});
  }
  // Every op but the 5 on bits in both floats, the 8 unary and 19 binary ones that take integers in all eight of those.
  EXPECT_EQ(checked, 2 * (26 + 16) + 8 * (8 + 19));
}

TEST(ElementwiseCompiled, Bitcasts) {
  auto both = [](DType from, DType to) {
    Array x = pairs(from).first;
    check("bitcast", {x}, {{"dtype", to}});
  };
  for (auto [from, to] : {std::pair(DType::float32, DType::int32), std::pair(DType::float32, DType::uint32),
                          std::pair(DType::float64, DType::int64), std::pair(DType::int16, DType::uint16)})
    both(from, to);
  both(DType::int32, DType::uint32);
  check("bitcast", {i32({3}, {0x3f800000, 0x7f7fffff, 1})}, {{"dtype", DType::float32}});
  EXPECT_FALSE(infer("bitcast", std::vector<Type>{{DType::float32, {2}}}, {{"dtype", DType::int64}}).ok());
  EXPECT_FALSE(infer("bitcast", std::vector<Type>{{DType::float16, {2}}}, {{"dtype", DType::int16}}).ok());
}

TEST(ElementwiseCompiled, Bools) {
  Array x = bools({4}, {0, 0, 1, 1}), y = bools({4}, {0, 1, 0, 1});
  check("logical_not", {x});
  for (const char* op : {"logical_and", "logical_or", "logical_xor", "equal", "not_equal", "less", "less_equal",
                         "greater", "greater_equal"})
    check(op, {x, y});
  check("select", {x, f32({4}, {1, 2, 3, 4}), f32({4}, {5, 6, 7, 8})});
}

TEST(ElementwiseCompiled, Casts) {
  std::vector<DType> all = kFloats;
  all.insert(all.end(), kIntegers.begin(), kIntegers.end());
  for (DType from : all) {
    // Values that every dtype holds: what a float beyond an integer's range becomes is not defined.
    Array x = Array(DType::float64, {21});
    for (int64_t i = 0; i < 21; ++i)
      x.set(i, is_float(from) ? static_cast<double>(i) * 1.3 : static_cast<double>(i * 6));
    for (DType to : all) check("cast", {x.cast(from)}, {{"dtype", to}});
    check("cast", {x.cast(from)}, {{"dtype", DType::boolean}});
  }
  for (DType to : all) check("cast", {bools({3}, {0, 1, 1})}, {{"dtype", to}});
  for (DType from : {DType::int8, DType::int32, DType::float32})
    for (DType to : {DType::int64, DType::float64, DType::int16})
      check("cast", {f64({3}, {-1, -2, -120}).cast(from)}, {{"dtype", to}});
}

}  // namespace
}  // namespace hornbeam::ir::testing
