// Trigonometric functions and their inverses, remainder and rounding.
#include "float_math.h"
#include "support.h"

#define HALF_PI 1.57079632679489661923
#define NOT_A_NUMBER __builtin_nanf("")

static double absolute(double x) { return x < 0 ? -x : x; }

static uint32_t bits_of(float x) {
  uint32_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits;
}

// x = quadrant pi/2 + the result, |result| <= pi/4; x is finite. For large x the digits of 2/pi that matter are
// multiplied as integers. Payne and Hanek, "Radian reduction for trigonometric functions", SIGNUM Newsletter 18, 1983.
static double reduce(float x, uint32_t* quadrant) {
  static const uint32_t two_over_pi[] = {0,          0xA2F9836E, 0x4E441529, 0xFC2757D1, 0xF534DDC0,
                                         0xDB629599, 0x3C439041, 0xFE5163AB, 0xDEBBC561};
  double magnitude = absolute(x);
  uint32_t q;
  double rest;
  if (magnitude < 1e5) {
    // Products of pi/2's leading 33 bits with such integers are exact.
    double n = (double)(int64_t)(magnitude / HALF_PI + 0.5);
    rest = magnitude - n * 1.57079632673412561417e+00 - n * 6.07710050650619224932e-11;
    q = (uint32_t)n;
  } else {
    uint32_t bits = bits_of(x), mantissa = (bits & 0x7FFFFF) | 0x800000;
    uint32_t first = ((bits >> 23) & 255) - 150 + 30;  // the first bit whose multiple of x is not one of 4
    const uint32_t* w = two_over_pi + first / 32;
    uint32_t shift = first % 32, window[3];
    for (int i = 0; i < 3; ++i) window[i] = shift ? w[i] << shift | w[i + 1] >> (32 - shift) : w[i];
    uint64_t low = (uint64_t)mantissa * window[2], middle = (uint64_t)mantissa * window[1] + (low >> 32);
    uint64_t product = ((uint64_t)mantissa * window[0] << 32) + middle;
    q = (uint32_t)(product >> 62);
    int64_t fraction = (int64_t)(product << 2);
    if (fraction < 0) ++q;
    rest = (double)fraction * 0x1p-64 * HALF_PI;
  }
  *quadrant = x < 0 ? -q : q;
  return x < 0 ? -rest : rest;
}

static double sine(double x) {
  double square = x * x, sum = 0;
  for (int k = 17; k >= 3; k -= 2) sum = (1 - sum) * square / (k * (k - 1));
  return x * (1 - sum);
}

static double cosine(double x) {
  double square = x * x, sum = 0;
  for (int k = 16; k >= 2; k -= 2) sum = (1 - sum) * square / (k * (k - 1));
  return 1 - sum;
}

static int is_finite(float x) { return (bits_of(x) & 0x7F800000) != 0x7F800000; }

float hb_sinf(float x) {
  if (!is_finite(x)) return NOT_A_NUMBER;
  if (x == 0) return x;
  uint32_t q;
  double r = reduce(x, &q), y = q & 1 ? cosine(r) : sine(r);
  return (float)(q & 2 ? -y : y);
}

float hb_cosf(float x) {
  if (!is_finite(x)) return NOT_A_NUMBER;
  uint32_t q;
  double r = reduce(x, &q), y = q & 1 ? sine(r) : cosine(r);
  return (float)((q + 1) & 2 ? -y : y);
}

float hb_tanf(float x) {
  if (!is_finite(x)) return NOT_A_NUMBER;
  if (x == 0) return x;
  uint32_t q;
  double r = reduce(x, &q);
  return (float)(q & 1 ? -cosine(r) / sine(r) : sine(r) / cosine(r));
}

// Of x >= 0. Halving the angle twice makes x small enough for the series.
static double arctangent(double x) {
  if (x > 1) return HALF_PI - arctangent(1 / x);
  for (int i = 0; i < 2; ++i) x = x / (1 + __builtin_elementwise_sqrt(1 + x * x));
  double square = x * x, sum = 0;
  for (int n = 27; n >= 1; n -= 2) sum = 1.0 / n - square * sum;
  return 4 * x * sum;
}

float hb_atanf(float x) { return x != x ? x : __builtin_copysignf((float)arctangent(absolute(x)), x); }

float hb_asinf(float x) {
  double d = absolute(x);
  if (x != x || d > 1) return NOT_A_NUMBER;
  double y = d == 1 ? HALF_PI : arctangent(d / __builtin_elementwise_sqrt((1 - d) * (1 + d)));
  return __builtin_copysignf((float)y, x);
}

float hb_acosf(float x) {
  double d = x;
  if (x != x || absolute(d) > 1) return NOT_A_NUMBER;
  return (float)(d == -1 ? 2 * HALF_PI : 2 * arctangent(__builtin_elementwise_sqrt((1 - d) / (1 + d))));
}

// The special cases are those of C's annex F.
float hb_atan2f(float y, float x) {
  if (x != x || y != y) return x + y;
  int left = bits_of(x) >> 31 != 0;
  double a = absolute(y), b = absolute(x), angle;
  if (a == 0)
    angle = 0;
  else if (b == 0)
    angle = HALF_PI;
  else if (!is_finite(y))
    angle = is_finite(x) ? HALF_PI : HALF_PI / 2;
  else
    angle = is_finite(x) ? arctangent(a / b) : 0;
  return __builtin_copysignf((float)(left ? 2 * HALF_PI - angle : angle), y);
}

// Exact: digit by digit of the quotient.
float hb_fmodf(float x, float y) {
  if (x != x || y != y || !is_finite(x) || y == 0) return NOT_A_NUMBER;
  double a = absolute(x), b = absolute(y);
  if (a < b) return x;
  double step = b;
  while (step <= a / 2) step *= 2;
  for (; step >= b; step /= 2)
    if (a >= step) a -= step;
  return __builtin_copysignf((float)a, x);
}

// Halves go away from zero.
float hb_roundf(float x) {
  double magnitude = absolute(x);
  if (!(magnitude < 8388608)) return x;
  return __builtin_copysignf((float)(int32_t)(magnitude + 0.5), x);
}

// Processors before SSE4.1 have no instructions for the four below. Floats from 2^23 on are integers.
float hb_truncf(float x) {
  double magnitude = absolute(x);
  if (!(magnitude < 8388608)) return x;
  return __builtin_copysignf((float)(int32_t)magnitude, x);
}

float hb_floorf(float x) {
  float whole = hb_truncf(x);
  return whole > x ? whole - 1 : whole;
}

float hb_ceilf(float x) {
  float whole = hb_truncf(x);
  return whole < x ? __builtin_copysignf(whole + 1, x) : whole;
}

// Halves go to the even neighbor.
float hb_roundevenf(float x) {
  double magnitude = absolute(x);
  if (!(magnitude < 8388608)) return x;
  int32_t whole = (int32_t)magnitude;
  double rest = magnitude - whole;
  if (rest > 0.5 || (rest == 0.5 && (whole & 1))) ++whole;
  return __builtin_copysignf((float)whole, x);
}
