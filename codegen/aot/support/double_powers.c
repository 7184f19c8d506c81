// Powers, logarithms and hyperbolic functions of float64.
#include "double_math.h"
#include "pairs.h"

#define LN2_UPPER 0.6931471803691238  // 32 bits: products with exponents are exact
#define LN2_LOWER 1.9082149292705877e-10

struct exponential hb_exponential(pair x) {
  double n = (double)(int64_t)(x.hi * 1.4426950408889634 + (x.hi < 0 ? -0.5 : 0.5));
  pair r = sum_of(x.hi - n * LN2_UPPER, -n * LN2_LOWER);
  r = ordered_sum(r.hi, r.lo + x.lo);
  double a = r.hi;
  // The series without its first two terms, which are added in full.
  double sum = POLYNOMIAL(a, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320, 1.0 / 362880,
                          1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800);
  pair one = ordered_sum(1, a);
  return (struct exponential){ordered_sum(one.hi, one.lo + (r.lo + r.lo * a + a * a * sum)), (int64_t)n};
}

// 2 atanh s, for |s| < 0.18.
static pair twice_atanh(pair s) {
  pair z = multiply(s, s);
  double a = z.hi, sum = POLYNOMIAL(a, 1.0 / 9, 1.0 / 11, 1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21, 1.0 / 23,
                                    1.0 / 25, 1.0 / 27);
  pair rest = add((pair){0.14285714285714285, 7.93016446160826e-18}, (pair){a * sum, 0});
  rest = add((pair){0.2, -1.1102230246251566e-17}, multiply(z, rest));
  rest = add((pair){0.3333333333333333, 1.850371707708594e-17}, multiply(z, rest));
  pair twice = {2 * s.hi, 2 * s.lo};
  return add(twice, multiply(twice, multiply(z, rest)));
}

// n ln 2 + the logarithm of m: a = m 2^n is positive and normal, m between sqrt 1/2 and sqrt 2.
static pair split_logarithm(pair a, int64_t* n) {
  int64_t k = (int64_t)(bits_of(a.hi) >> 52) - 1023;
  double m = of_bits((bits_of(a.hi) & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
  if (m > 1.4142135623730951) {
    m /= 2;
    ++k;
  }
  pair f = sum_of(m - 1, a.lo == 0 ? 0 : scale(a.lo, -k));
  *n = k;
  return twice_atanh(divide(f, add(f, (pair){2, 0})));
}

static pair logarithm(pair a) {
  int64_t k;
  pair part = split_logarithm(a, &k), sum = sum_of((double)k * LN2_UPPER, part.hi);
  return ordered_sum(sum.hi, sum.lo + (part.lo + (double)k * LN2_LOWER));
}

// The logarithm of a positive number, subnormal ones included.
static pair logarithm_of(double x) {
  if (x >= 0x1p-1022) return logarithm((pair){x, 0});
  return add(logarithm((pair){x * 0x1p54, 0}), (pair){-54 * LN2_UPPER, -54 * LN2_LOWER});
}

static pair log_one_plus(pair f) {
  if (f.hi > -0.29 && f.hi < 0.41) return twice_atanh(divide(f, add(f, (pair){2, 0})));
  return logarithm(add((pair){1, 0}, f));
}

double hb_exp(double x) {
  if (x != x) return x;
  if (x > 710) return INFINITE;
  if (x < -746) return 0;
  struct exponential e = hb_exponential((pair){x, 0});
  return scale(e.m.hi, e.n);
}

double hb_exp2(double x) {
  if (x != x) return x;
  if (x > 1025) return INFINITE;
  if (x < -1080) return 0;
  double n = (double)(int64_t)(x + (x < 0 ? -0.5 : 0.5));
  struct exponential e = hb_exponential(multiply((pair){x - n, 0}, LN2));
  return scale(e.m.hi, e.n + (int64_t)n);
}

// e^x - 1, for |x| < 50.
static pair exponential_less_one(double x) {
  if (absolute(x) < 0.35) {
    double sum = POLYNOMIAL(x, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320, 1.0 / 362880,
                            1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800, 1.0 / 87178291200);
    return ordered_sum(x, x * x * sum);
  }
  struct exponential e = hb_exponential((pair){x, 0});
  double factor = two_to(e.n);
  pair less = sum_of(e.m.hi * factor, -1);
  return ordered_sum(less.hi, less.lo + e.m.lo * factor);
}

double hb_expm1(double x) {
  if (x != x || x == 0) return x;
  if (x >= 45) return hb_exp(x);
  if (x < -45) return -1;
  return exponential_less_one(x).hi;
}

// NaN or infinite where the logarithm of x is; else 0.
static double log_exception(double x) {
  if (x != x || x < 0) return NOT_A_NUMBER;
  if (x == 0) return -INFINITE;
  return is_finite(x) ? 0 : x;
}

// As above, but only the largest terms in full: with s = f / (2 + f), 2 atanh s = f - (f^2/2 - s (f^2/2 + R)), where R
// is the series after its first term.
double hb_log(double x) {
  double other = log_exception(x);
  if (other != 0) return other;
  int64_t k = 0;
  if (x < 0x1p-1022) x *= 0x1p54, k = -54;
  k += (int64_t)(bits_of(x) >> 52) - 1023;
  double m = of_bits((bits_of(x) & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
  if (m > 1.4142135623730951) {
    m /= 2;
    ++k;
  }
  double f = m - 1, s = f / (2 + f), z = s * s, n = (double)k;
  double rest = z * POLYNOMIAL(z, 2.0 / 3, 2.0 / 5, 2.0 / 7, 2.0 / 9, 2.0 / 11, 2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19);
  pair half = product_of(f, f / 2), sum = sum_of(n * LN2_UPPER, f), all = sum_of(sum.hi, -half.hi);
  return all.hi + (all.lo + (sum.lo + (s * (half.hi + rest) + (n * LN2_LOWER - half.lo))));
}

// The part of 2 stands alone, so that powers of two are exact.
double hb_log2(double x) {
  double other = log_exception(x);
  if (other != 0) return other;
  int64_t k, less = x < 0x1p-1022 ? 54 : 0;
  pair part = split_logarithm((pair){less ? x * 0x1p54 : x, 0}, &k);
  pair scaled = multiply(part, (pair){1.4426950408889634, 2.0355273740931033e-17});
  return add((pair){(double)(k - less), 0}, scaled).hi;
}

double hb_log10(double x) {
  double other = log_exception(x);
  if (other != 0) return other;
  return multiply(logarithm_of(x), (pair){0.4342944819032518, 1.098319650216765e-17}).hi;
}

double hb_log1p(double x) {
  if (x != x || x < -1) return NOT_A_NUMBER;
  if (x == -1) return -INFINITE;
  if (!is_finite(x) || absolute(x) < 0x1p-54) return x;
  if (x > 0x1p60) return logarithm_of(x).hi;
  return log_one_plus((pair){x, 0}).hi;
}

// 0: y is no integer, 1: an odd one, 2: an even one.
static int parity(double y) {
  if (absolute(y) >= 0x1p53) return 2;
  int64_t whole = (int64_t)y;
  return (double)whole != y ? 0 : whole & 1 ? 1 : 2;
}

// The special cases are those of C's annex F.
double hb_pow(double x, double y) {
  if (y == 0 || x == 1) return 1;
  if (x != x || y != y) return x + y;
  int kind = parity(y);
  double sign = is_negative(x) && kind == 1 ? -1 : 1, magnitude = absolute(x);
  if (!is_finite(y)) return magnitude == 1 ? 1 : (magnitude > 1) == (y > 0) ? INFINITE : 0;
  if (magnitude == 0) return sign * (y < 0 ? INFINITE : 0);
  if (!is_finite(x)) return sign * (y < 0 ? 0 : INFINITE);
  if (x < 0 && kind == 0) return NOT_A_NUMBER;
  pair log = logarithm_of(magnitude);
  double about = y * log.hi;
  if (about > 711) return sign * INFINITE;
  if (about < -747) return sign * 0;
  pair power = product_of(y, log.hi);
  power.lo += y * log.lo;
  struct exponential e = hb_exponential(power);
  return sign * scale(e.m.hi, e.n);
}

double hb_cbrt(double x) {
  double magnitude = absolute(x);
  if (x != x || x == 0 || !is_finite(x)) return x;
  if (magnitude < 1e-200) return hb_cbrt(x * 0x1p600) * 0x1p-200;
  struct exponential e = hb_exponential((pair){logarithm((pair){magnitude, 0}).hi / 3, 0});
  double root = scale(e.m.hi, e.n);
  // One of Newton's steps gives the digits that are missing.
  pair square = product_of(root, root), cube = multiply(square, (pair){root, 0});
  root -= ((cube.hi - magnitude) + cube.lo) / (3 * square.hi);
  return with_sign(root, x);
}

// e^x / 2 of |x| <= 30.
static pair half_exponential(double x) {
  struct exponential e = hb_exponential((pair){x, 0});
  double factor = two_to(e.n - 1);
  return (pair){e.m.hi * factor, e.m.lo * factor};
}

// e^x / 2 of x > 30, which may be finite where e^x is not.
static double large_half_exponential(double x) {
  if (x > 711) return INFINITE;
  struct exponential e = hb_exponential((pair){x, 0});
  return scale(e.m.hi, e.n - 1);
}

double hb_sinh(double x) {
  double d = absolute(x);
  if (x != x || x == 0) return x;
  if (d < 0.3) {
    double square = x * x, sum = POLYNOMIAL(square, 1.0 / 6, 1.0 / 120, 1.0 / 5040, 1.0 / 362880, 1.0 / 39916800,
                                            1.0 / 6227020800, 1.0 / 1307674368000);
    return x + x * (square * sum);
  }
  return with_sign(d > 30 ? large_half_exponential(d) : add(half_exponential(d), negative(half_exponential(-d))).hi, x);
}

double hb_cosh(double x) {
  double d = absolute(x);
  if (x != x) return x;
  return d > 30 ? large_half_exponential(d) : add(half_exponential(d), half_exponential(-d)).hi;
}

double hb_tanh(double x) {
  double d = absolute(x);
  if (x != x || d < 0x1p-28) return x;
  if (d > 20) return with_sign(1, x);
  pair less = exponential_less_one(2 * d);
  return with_sign(divide(less, add(less, (pair){2, 0})).hi, x);
}

double hb_asinh(double x) {
  double d = absolute(x);
  if (x != x || !is_finite(x) || d < 0x1p-28) return x;
  if (d > 0x1p30) return with_sign(add(logarithm_of(d), LN2).hi, x);
  pair one = {1, 0}, square = product_of(d, d);
  pair more = divide(square, add(one, root_of(add(one, square))));  // sqrt(1 + x^2) - 1
  return with_sign(log_one_plus(add((pair){d, 0}, more)).hi, x);
}

double hb_acosh(double x) {
  if (x != x || x < 1) return NOT_A_NUMBER;
  if (!is_finite(x)) return x;
  if (x == 1) return 0;
  if (x > 0x1p30) return add(logarithm_of(x), LN2).hi;
  pair above = {x - 1, 0};
  return log_one_plus(add(above, root_of(multiply(above, add(above, (pair){2, 0}))))).hi;
}

double hb_atanh(double x) {
  double d = absolute(x);
  if (x != x || d > 1) return NOT_A_NUMBER;
  if (d == 1) return with_sign(INFINITE, x);
  if (d < 0x1p-28) return x;
  pair twice = d < 0.17 ? twice_atanh((pair){d, 0}) : logarithm(divide(sum_of(1, d), sum_of(1, -d)));
  return with_sign(twice.hi / 2, x);
}
