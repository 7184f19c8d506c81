// exp, expm1, tanh: x = n ln2 + r with |r| <= ln2 / 2, and a polynomial for e^r (coefficients by fit.py).
#include "codegen/math/functions.h"

namespace hornbeam::codegen {
namespace {

using mlir::Value;

constexpr float kLog2E = 0x1.715476p+0f;
constexpr float kLn2High = 0x1.62e4p-1f;  // its product with a small integer is exact even without fma
constexpr float kLn2Low = 0x1.7f7d1cp-20f;
// Adding 1.5 * 2^23 rounds to an integer, which then stands in the low bits. Unlike a conversion this is defined for NaN.
constexpr float kRounder = 0x1.8p23f;

struct Reduced {
  Value n;     // integer
  Value r;
  Value tail;  // e^r - 1 - r
};

Reduced reduce(MathEmitter& e, Value x) {
  Value rounded = e.fma(x, e.constant(kLog2E), e.constant(kRounder));
  Value n = e.sub(rounded, e.constant(kRounder));
  Value r = e.fma(n, e.constant(-kLn2High), x);
  r = e.fma(n, e.constant(-kLn2Low), r);
  Value q = e.polynomial(r, {0x1.0p-1f, 0x1.555492p-3f, 0x1.5554cp-5f, 0x1.12398ep-7f, 0x1.6d7a5ap-10f});
  Value integer = e.isub(e.bits(rounded), e.bits(e.constant(kRounder)));
  return {integer, r, e.mul(q, e.mul(r, r))};
}

Value power_of_two(MathEmitter& e, Value n) { return e.from_bits(e.shift_left(e.iadd(n, e.int_constant(127)), 23)); }

}  // namespace

Value expand_exp(MathEmitter& e, Value x) {
  // Beyond these bounds the result is inf or 0 all the same.
  x = e.at_least(e.at_most(x, 89.0f), -104.0f);
  Reduced reduced = reduce(e, x);
  Value y = e.add(e.add(reduced.tail, reduced.r), e.constant(1.0f));
  // n goes down to -150, where 2^n is no float: two factors, so that subnormal results are rounded once, at the end.
  Value half = e.shift_right(reduced.n, 1);
  return e.mul(e.mul(y, power_of_two(e, half)), power_of_two(e, e.isub(reduced.n, half)));
}

Value expand_expm1(MathEmitter& e, Value x) {
  Value bounded = e.at_least(e.at_most(x, 89.0f), -18.0f);
  Reduced reduced = reduce(e, bounded);
  Value y = e.add(reduced.tail, reduced.r);
  // 2 (2^(n-1) y + 2^(n-1) - 1/2): n may be 128, and 2^128 is no float.
  Value scale = power_of_two(e, e.isub(reduced.n, e.int_constant(1)));
  y = e.fma(scale, y, e.sub(scale, e.constant(0.5f)));
  return e.select(e.equal(x, e.constant(0.0f)), x, e.add(y, y));  // keeps -0
}

// tanh |x| = t / (t + 2) with t = e^(2|x|) - 1; it is 1 from 9.02 on.
Value expand_tanh(MathEmitter& e, Value x) {
  Value magnitude = e.at_most(e.abs(x), 10.0f);
  Reduced reduced = reduce(e, e.add(magnitude, magnitude));
  Value scale = power_of_two(e, reduced.n);
  Value t = e.fma(scale, e.add(reduced.tail, reduced.r), e.sub(scale, e.constant(1.0f)));
  return e.copysign(e.div(t, e.add(t, e.constant(2.0f))), x);
}

}  // namespace hornbeam::codegen
