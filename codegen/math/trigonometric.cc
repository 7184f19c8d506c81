// sin, cos, tan: x = n pi/2 + r with |r| <= pi/4, pi/2 in three parts (exact to 2^-24 of r up to kMostRadians), and
// polynomials for sin r and cos r (coefficients by fit.py).
#include "codegen/math/functions.h"

namespace hornbeam::codegen {
namespace {

using mlir::Value;

constexpr float kTwoOverPi = 0x1.45f306p-1f;
constexpr float kHalfPi1 = 0x1.921fb6p+0f;
constexpr float kHalfPi2 = -0x1.777a5cp-25f;
constexpr float kHalfPi3 = -0x1.ee59dap-50f;
constexpr float kRounder = 0x1.8p23f;  // see exponential.cc

struct Parts {
  Value quadrant;  // integer; its two low bits count
  Value sin, cos;  // of r
};

Parts reduce(MathEmitter& e, Value x) {
  Value rounded = e.fma(x, e.constant(kTwoOverPi), e.constant(kRounder));
  Value n = e.sub(rounded, e.constant(kRounder));
  Value r = e.fma(n, e.constant(-kHalfPi1), x);
  r = e.fma(n, e.constant(-kHalfPi2), r);
  r = e.fma(n, e.constant(-kHalfPi3), r);
  Value square = e.mul(r, r);
  Value s = e.polynomial(square, {-0x1.555546p-3f, 0x1.11077ep-7f, -0x1.9956b6p-13f});
  Value sin = e.fma(e.mul(s, square), r, r);
  Value c = e.polynomial(square, {0x1.55554ap-5f, -0x1.6c0c1ap-10f, 0x1.99e0ecp-16f});
  Value cos = e.fma(e.fma(c, square, e.constant(-0.5f)), square, e.constant(1.0f));
  return {e.bits(rounded), sin, cos};
}

Value odd(MathEmitter& e, Value n) { return e.nonzero(e.iand(n, e.int_constant(1))); }

// Changes x's sign in quadrants 2 and 3.
Value with_sign_of_quadrant(MathEmitter& e, Value x, Value n) {
  return e.from_bits(e.ixor(e.bits(x), e.shift_left(e.iand(n, e.int_constant(2)), 30)));
}

}  // namespace

Value expand_sin(MathEmitter& e, Value x) {
  Parts parts = reduce(e, x);
  Value y = with_sign_of_quadrant(e, e.select(odd(e, parts.quadrant), parts.cos, parts.sin), parts.quadrant);
  return e.select(e.equal(x, e.constant(0.0f)), x, y);  // keeps -0
}

Value expand_cos(MathEmitter& e, Value x) {
  Parts parts = reduce(e, x);
  Value n = e.iadd(parts.quadrant, e.int_constant(1));
  return with_sign_of_quadrant(e, e.select(odd(e, n), parts.cos, parts.sin), n);
}

Value expand_tan(MathEmitter& e, Value x) {
  Parts parts = reduce(e, x);
  Value is_odd = odd(e, parts.quadrant);
  Value y = e.div(e.select(is_odd, e.neg(parts.cos), parts.sin), e.select(is_odd, parts.sin, parts.cos));
  return e.select(e.equal(x, e.constant(0.0f)), x, y);
}

}  // namespace hornbeam::codegen
