// log, log1p: x = 2^k m with m in [sqrt 1/2, sqrt 2), and a polynomial for log1p(m - 1) (coefficients by fit.py).
#include <limits>

#include "codegen/math/functions.h"

namespace hornbeam::codegen {
namespace {

using mlir::Value;

constexpr float kLn2High = 0x1.62e4p-1f;  // k times it is exact
constexpr float kLn2Low = 0x1.7f7d1cp-20f;
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

struct Split {
  Value exponent;  // integer
  Value mantissa;
};

// For positive normal numbers.
Split split(MathEmitter& e, Value x) {
  constexpr int32_t kSqrtHalf = 0x3f3504f3;
  Value shifted = e.isub(e.bits(x), e.int_constant(kSqrtHalf));
  Value exponent = e.shift_right(shifted, 23);
  return {exponent, e.from_bits(e.isub(e.bits(x), e.shift_left(exponent, 23)))};
}

// k ln2 + log1p(f) + correction.
Value log_of_parts(MathEmitter& e, Value k, Value f, Value correction) {
  Value square = e.mul(f, f);
  Value p = e.polynomial(f, {0x1.55554ap-2f, -0x1.00022p-2f, 0x1.99a5aap-3f, -0x1.54788ep-3f, 0x1.226d1ap-3f,
                             -0x1.0cdf74p-3f, 0x1.07d6a8p-3f, -0x1.41fe3ap-4f});
  Value low = e.fma(k, e.constant(kLn2Low), e.mul(e.mul(p, f), square));
  if (correction) low = e.add(low, correction);
  Value tail = e.fma(square, e.constant(-0.5f), low);
  return e.fma(k, e.constant(kLn2High), e.add(f, tail));
}

// What log gives outside the positive numbers, by log's own argument.
Value with_edges(MathEmitter& e, Value argument, Value result) {
  Value zero = e.constant(0.0f);
  result = e.select(e.equal(argument, zero), e.constant(-kInfinity), result);
  result = e.select(e.less(argument, zero), e.constant(kNaN), result);
  result = e.select(e.equal(argument, e.constant(kInfinity)), argument, result);
  return e.select(e.equal(argument, argument), result, argument);
}

}  // namespace

Value expand_log(MathEmitter& e, Value x) {
  Value tiny = e.less(x, e.constant(std::numeric_limits<float>::min()));
  Value normal = e.select(tiny, e.mul(x, e.constant(0x1p23f)), x);
  Split parts = split(e, normal);
  Value k = e.to_float(parts.exponent);
  k = e.select(tiny, e.sub(k, e.constant(23.0f)), k);
  return with_edges(e, x, log_of_parts(e, k, e.sub(parts.mantissa, e.constant(1.0f)), {}));
}

Value expand_log1p(MathEmitter& e, Value x) {
  Value one = e.constant(1.0f);
  Value u = e.add(one, x);
  Split parts = split(e, u);
  Value k = e.to_float(parts.exponent);
  Value reduced = e.nonzero(parts.exponent);
  Value f = e.select(reduced, e.sub(parts.mantissa, one), x);
  // What rounding 1 + x lost, relative to u: exact by taking the smaller from the larger.
  Value lost = e.select(e.greater(x, one), e.sub(one, e.sub(u, x)), e.sub(x, e.sub(u, one)));
  Value correction = e.select(reduced, e.div(lost, u), e.constant(0.0f));
  Value result = with_edges(e, u, log_of_parts(e, k, f, correction));
  return e.select(e.equal(x, e.constant(0.0f)), x, result);  // keeps -0
}

}  // namespace hornbeam::codegen
