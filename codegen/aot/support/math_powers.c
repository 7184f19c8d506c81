// Powers, logarithms and hyperbolic functions.
#include "float_math.h"
#include "support.h"

#define LN2 0.693147180559945309417
#define NOT_A_NUMBER __builtin_nanf("")
#define INFINITE __builtin_inff()

static uint64_t bits_of(double x) {
  uint64_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits;
}

static double of_bits(uint64_t bits) {
  double x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}

static double absolute(double x) { return x < 0 ? -x : x; }

// The natural logarithm of a positive normal number: x = 2^k m with m near 1, and log m = 2 atanh((m - 1) / (m + 1)).
static double logarithm(double x) {
  uint64_t bits = bits_of(x);
  int64_t k = (int64_t)(bits >> 52) - 1023;
  double m = of_bits((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
  if (m > 1.41421356237309505) {
    m /= 2;
    ++k;
  }
  double s = (m - 1) / (m + 1), z = s * s;
  double sum =
      1.0 / 3 +
      z * (1.0 / 5 +
           z * (1.0 / 7 +
                z * (1.0 / 9 +
                     z * (1.0 / 11 + z * (1.0 / 13 + z * (1.0 / 15 + z * (1.0 / 17 + z * (1.0 / 19 + z / 21))))))));
  sum = 1 + z * sum;
  return (double)k * LN2 + 2 * s * sum;
}

static double log2_of(double x) {
  uint64_t bits = bits_of(x);
  if ((bits & 0xFFFFFFFFFFFFF) == 0) return (double)((int64_t)(bits >> 52) - 1023);  // powers of two are exact
  return logarithm(x) / LN2;
}

// 2^x for any x, infinite and 0 beyond the range of double.
static double power_of_two(double x) {
  if (x > 1023) return (double)INFINITE;
  if (x < -1022) return 0;
  double n = (double)(int64_t)(x < 0 ? x - 0.5 : x + 0.5), f = (x - n) * LN2, square = f * f;
  // e^f by its series; the even and the odd terms can be added side by side.
  double even =
      1.0 / 2 +
      square * (1.0 / 24 +
                square * (1.0 / 720 + square * (1.0 / 40320 + square * (1.0 / 3628800 + square * (1.0 / 479001600)))));
  double odd =
      1.0 / 6 + square * (1.0 / 120 + square * (1.0 / 5040 + square * (1.0 / 362880 + square * (1.0 / 39916800))));
  double sum = f + square * (even + f * odd);
  return (sum + 1) * of_bits((uint64_t)((int64_t)n + 1023) << 52);
}

static double exponential(double x) { return power_of_two(x / LN2); }

// 0: y is no integer, 1: an odd one, 2: an even one.
static int parity(double y) {
  if (absolute(y) >= 9007199254740992.0) return 2;
  int64_t whole = (int64_t)y;
  return (double)whole != y ? 0 : whole & 1 ? 1 : 2;
}

// The special cases are those of C's annex F.
float hb_powf(float x, float y) {
  if (y == 0 || x == 1) return 1;
  if (x != x || y != y) return x + y;
  int kind = parity(y);
  float sign = x < 0 || 1 / x < 0 ? (kind == 1 ? -1.0f : 1.0f) : 1.0f;
  double magnitude = absolute(x);
  if (magnitude == 1 && absolute(y) > 3.5e38) return 1;
  if (absolute(y) > 3.5e38) return (magnitude > 1) == (y > 0) ? INFINITE : 0;
  if (magnitude == 0) return sign * (y < 0 ? INFINITE : 0);
  if (magnitude > 3.5e38) return sign * (y < 0 ? 0 : INFINITE);
  if (x < 0 && kind == 0) return NOT_A_NUMBER;
  return sign * (float)power_of_two(y * log2_of(magnitude));
}

float hb_exp2f(float x) { return x != x ? x : (float)power_of_two(x); }

static float log_of(float x, double (*function)(double), double factor) {
  if (x != x || x > 3.4028235e38f) return x < 0 ? NOT_A_NUMBER : x;
  if (x <= 0) return x == 0 ? -INFINITE : NOT_A_NUMBER;
  return (float)(function(x) * factor);
}

float hb_log2f(float x) { return log_of(x, log2_of, 1); }

float hb_log10f(float x) { return log_of(x, logarithm, 0.434294481903251827651); }

float hb_cbrtf(float x) {
  double magnitude = absolute(x);
  if (x != x || magnitude == 0 || magnitude > 3.5e38) return x;
  double root = power_of_two(log2_of(magnitude) / 3);
  root -= (root * root * root - magnitude) / (3 * root * root);  // one of Newton's steps makes cubes exact
  return (float)(x < 0 ? -root : root);
}

float hb_sinhf(float x) {
  double d = x;
  if (absolute(d) >= 0.3) return (float)((exponential(d) - exponential(-d)) / 2);
  double square = d * d;
  return (float)(d * (1 + square / 6 * (1 + square / 20 * (1 + square / 42 * (1 + square / 72)))));
}

float hb_coshf(float x) { return x != x ? x : (float)((exponential(x) + exponential(-(double)x)) / 2); }

float hb_asinhf(float x) {
  double d = absolute(x);
  if (x != x || d > 3.5e38) return x;
  double y = d < 1e-4 ? d - d * d * d / 6 : logarithm(d + __builtin_elementwise_sqrt(d * d + 1));
  // What is small loses digits in the sum.
  if (d >= 1e-4 && d < 0.5) {
    double s = d / __builtin_elementwise_sqrt(1 + d * d);
    y = logarithm((1 + s) / (1 - s)) / 2;
  }
  return __builtin_copysignf((float)y, x);
}

float hb_acoshf(float x) {
  double d = x;
  if (x != x || x > 3.4028235e38f) return x;
  if (x < 1) return NOT_A_NUMBER;
  return (float)logarithm(d + __builtin_elementwise_sqrt((d - 1) * (d + 1)));
}

float hb_atanhf(float x) {
  double d = absolute(x);
  if (x != x || d > 1) return NOT_A_NUMBER;
  if (d == 1) return __builtin_copysignf(INFINITE, x);
  double y = d < 1e-4 ? d + d * d * d / 3 : logarithm((1 + d) / (1 - d)) / 2;
  return __builtin_copysignf((float)y, x);
}

// 1 - erf x, without the loss of digits that the difference has for large x. Up to 3 by the series of erf whose terms
// are all positive, beyond by the continued fraction.
float hb_erfcf(float x) {
  double d = absolute(x), y;
  if (x != x) return x;
  double density = exponential(-d * d) * 1.12837916709551257390;  // 2 / sqrt(pi)
  if (d < 3) {
    double sum = 0;
    for (int n = 60; n >= 1; --n) sum = (sum + 1) * 2 * d * d / (2 * n + 1);
    y = 1 - density * d * (sum + 1);
  } else {
    double fraction = d;
    for (int n = 60; n >= 1; --n) fraction = d + n / (2 * fraction);
    y = d > 27 ? 0 : density / (2 * fraction);
  }
  return (float)(x < 0 ? 2 - y : y);
}
