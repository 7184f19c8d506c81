// Trigonometric functions of float64 and their inverses, remainder and rounding.
#include "double_math.h"
#include "pairs.h"

// Bits of x * 2/pi that are no multiples of 4: the digits of 2/pi that matter times the mantissa, as integers. Payne
// and Hanek, "Radian reduction for trigonometric functions", SIGNUM Newsletter 18, 1983.
static pair reduce_large(double magnitude, uint32_t* quadrant) {
  static const uint32_t two_over_pi[] = {
      0,          0,          0xA2F9836E, 0x4E441529, 0xFC2757D1, 0xF534DDC0, 0xDB629599, 0x3C439041,
      0xFE5163AB, 0xDEBBC561, 0xB7246E3A, 0x424DD2E0, 0x06492EEA, 0x09D1921C, 0xFE1DEB1C, 0xB129A73E,
      0xE88235F5, 0x2EBB4484, 0xE99C7026, 0xB45F7E41, 0x3991D639, 0x835339F4, 0x9C845F8B, 0xBDF9283B,
      0x1FF897FF, 0xDE05980F, 0xEF2F118B, 0x5A0A6D1F, 0x6D367ECF, 0x27CB09B7, 0x4F463F66, 0x9E5FEA2D,
      0x7527BAC7, 0xEBE5F17B, 0x3D0739F7, 0x8A5292EA, 0x6BFB5FB1, 0x1F8D5D08, 0x56033046, 0xFC7B6BAB};
  uint64_t bits = bits_of(magnitude), mantissa = (bits & 0xFFFFFFFFFFFFF) | 0x10000000000000;
  int64_t exponent = (int64_t)(bits >> 52) - 1075;
  // 64 zeros stand before the first digit; digit j is worth 2^-j, and those from `exponent` - 1 on matter.
  uint32_t first = (uint32_t)(exponent - 2 + 64), shift = first % 32;
  const uint32_t* w = two_over_pi + first / 32;
  uint32_t window[6], product[6];  // the lowest word last
  for (int i = 0; i < 6; ++i) window[i] = shift ? w[i] << shift | w[i + 1] >> (32 - shift) : w[i];
  uint64_t low = (uint32_t)mantissa, high = mantissa >> 32, carry = 0;
  for (int i = 5; i >= 0; --i) {
    uint64_t a = low * window[i], b = i < 5 ? high * window[i + 1] : 0;
    uint64_t sum = (uint64_t)(uint32_t)a + (uint32_t)b + (uint32_t)carry;
    product[i] = (uint32_t)sum;
    carry = (sum >> 32) + (a >> 32) + (b >> 32) + (carry >> 32);
  }
  *quadrant = product[0] >> 30;
  for (int i = 0; i < 6; ++i) product[i] = product[i] << 2 | (i < 5 ? product[i + 1] >> 30 : 0);
  int below = product[0] >> 31 != 0;  // nearer to the next quadrant
  if (below) {
    ++*quadrant;
    for (int i = 0; i < 6; ++i) product[i] = ~product[i];
  }
  pair fraction = {0, 0};
  for (int i = 0; i < 5; ++i) fraction = add(fraction, (pair){(double)product[i] * two_to(-32 * (i + 1)), 0});
  pair rest = multiply(fraction, HALF_PI);
  return below ? negative(rest) : rest;
}

// x = quadrant pi/2 + the result, |result| <= pi/4; x is finite.
static pair reduce(double x, uint32_t* quadrant) {
  double magnitude = absolute(x);
  pair rest;
  if (magnitude < 1e6) {
    // Products of the leading 33 bits of pi/2, and of the next 33, with such integers are exact.
    double n = (double)(int64_t)(magnitude * 0.6366197723675814 + 0.5);
    rest = sum_of(magnitude - n * 1.5707963267341256, -n * 6.077100506303966e-11);
    rest = add(rest, (pair){-n * 2.0222662487959506e-21, 0});
    *quadrant = (uint32_t)n;
  } else {
    rest = reduce_large(magnitude, quadrant);
  }
  if (!is_negative(x)) return rest;
  *quadrant = -*quadrant;
  return negative(rest);
}

static pair sine(pair x) {
  double square = x.hi * x.hi;
  double sum = POLYNOMIAL(square, -1.0 / 6, 1.0 / 120, -1.0 / 5040, 1.0 / 362880, -1.0 / 39916800, 1.0 / 6227020800,
                          -1.0 / 1307674368000, 1.0 / 355687428096000);
  // The derivative for what x.hi lacks.
  return ordered_sum(x.hi, x.lo * (1 - square / 2) + x.hi * (square * sum));
}

static pair cosine(pair x) {
  pair square = product_of(x.hi, x.hi), less = sum_of(1, -square.hi / 2);
  double a = square.hi;
  double sum = POLYNOMIAL(a, 1.0 / 24, -1.0 / 720, 1.0 / 40320, -1.0 / 3628800, 1.0 / 479001600, -1.0 / 87178291200,
                          1.0 / 20922789888000);
  return ordered_sum(less.hi, less.lo + (a * a * sum - square.lo / 2 - x.hi * x.lo));
}

double hb_sin(double x) {
  if (!is_finite(x)) return NOT_A_NUMBER;
  if (absolute(x) < 0x1p-28) return x;
  uint32_t q;
  pair r = reduce(x, &q);
  double y = q & 1 ? cosine(r).hi : sine(r).hi;
  return q & 2 ? -y : y;
}

double hb_cos(double x) {
  if (!is_finite(x)) return NOT_A_NUMBER;
  uint32_t q;
  pair r = reduce(x, &q);
  double y = q & 1 ? sine(r).hi : cosine(r).hi;
  return (q + 1) & 2 ? -y : y;
}

double hb_tan(double x) {
  if (!is_finite(x)) return NOT_A_NUMBER;
  if (absolute(x) < 0x1p-28) return x;
  uint32_t q;
  pair r = reduce(x, &q);
  return q & 1 ? -divide(cosine(r), sine(r)).hi : divide(sine(r), cosine(r)).hi;
}

// Of 0 <= x <= 1: the arctangent of the next eighth, and the series of what is left.
static pair small_arctangent(pair x) {
  static const pair of_eighths[] = {{0.0, 0.0},
                                    {0.12435499454676144, -3.1253241424539383e-18},
                                    {0.24497866312686414, 1.0698755618734451e-17},
                                    {0.35877067027057225, -2.4623815582638635e-17},
                                    {0.4636476090008061, 2.2698777452961687e-17},
                                    {0.5585993153435624, -5.4556305485916264e-18},
                                    {0.6435011087932844, 1.5834785051444286e-17},
                                    {0.7188299996216245, -2.1478388444456983e-17},
                                    {0.7853981633974483, 3.061616997868383e-17}};
  int i = (int)(x.hi * 8 + 0.5);
  pair eighth = {i / 8.0, 0};
  pair t = i ? divide(add(x, negative(eighth)), add((pair){1, 0}, multiply(x, eighth))) : x;
  double square = t.hi * t.hi;
  double sum = POLYNOMIAL(square, -1.0 / 3, 1.0 / 5, -1.0 / 7, 1.0 / 9, -1.0 / 11, 1.0 / 13, -1.0 / 15);
  return add(of_eighths[i], ordered_sum(t.hi, t.lo + t.hi * (square * sum)));
}

// The angle of the point (x, y), both positive and neither far from 1.
static pair angle_of(pair y, pair x) {
  if (y.hi > x.hi) return add(HALF_PI, negative(small_arctangent(divide(x, y))));
  return small_arctangent(divide(y, x));
}

double hb_atan(double x) {
  double d = absolute(x);
  if (x != x || d < 0x1p-28) return x;
  return with_sign(d > 0x1p60 ? HALF_PI.hi : angle_of((pair){d, 0}, (pair){1, 0}).hi, x);
}

// sqrt(1 - x^2).
static pair other_side(double x) {
  pair square = product_of(x, x);
  return root_of(add((pair){1, 0}, negative(square)));
}

double hb_asin(double x) {
  double d = absolute(x);
  if (x != x || d > 1) return NOT_A_NUMBER;
  if (d < 0x1p-28) return x;
  return with_sign(d == 1 ? HALF_PI.hi : angle_of((pair){d, 0}, other_side(d)).hi, x);
}

double hb_acos(double x) {
  double d = absolute(x);
  if (x != x || d > 1) return NOT_A_NUMBER;
  if (d == 1) return x > 0 ? 0 : 2 * HALF_PI.hi;
  if (d < 0x1p-60) return HALF_PI.hi;
  pair angle = angle_of(other_side(d), (pair){d, 0});
  return x > 0 ? angle.hi : add((pair){2 * HALF_PI.hi, 2 * HALF_PI.lo}, negative(angle)).hi;
}

// Of numbers that are positive and finite, as hb_atan2 has them.
static pair angle_of_numbers(double y, double x) {
  int64_t a = (int64_t)(bits_of(y) >> 52), b = (int64_t)(bits_of(x) >> 52);
  if (a - b > 62) return HALF_PI;
  if (b - a > 30 && a > 80) return divide((pair){scale(y, 1023 - b), 0}, (pair){scale(x, 1023 - b), 0});
  if (b - a > 30) return (pair){y / x, 0};
  int64_t middle = (a > b ? a : b) - 1023;  // both near 1: no product overflows
  return angle_of((pair){scale(y, -middle), 0}, (pair){scale(x, -middle), 0});
}

// The special cases are those of C's annex F.
double hb_atan2(double y, double x) {
  if (x != x || y != y) return x + y;
  double a = absolute(y), b = absolute(x);
  pair pi = {2 * HALF_PI.hi, 2 * HALF_PI.lo}, angle;
  if (a == 0)
    angle = (pair){0, 0};
  else if (b == 0)
    angle = HALF_PI;
  else if (!is_finite(y))
    angle = is_finite(x) ? HALF_PI : (pair){HALF_PI.hi / 2, HALF_PI.lo / 2};
  else if (!is_finite(x))
    angle = (pair){0, 0};
  else
    angle = angle_of_numbers(a, b);
  return with_sign(is_negative(x) ? add(pi, negative(angle)).hi : angle.hi, y);
}

// Exact: digit by digit of the quotient.
double hb_fmod(double x, double y) {
  if (x != x || y != y || !is_finite(x) || y == 0) return NOT_A_NUMBER;
  double a = absolute(x), b = absolute(y);
  if (a < b) return x;
  double step = b;
  while (step <= a / 2) step *= 2;
  for (; step > b; step /= 2)
    if (a >= step) a -= step;
  if (a >= b) a -= b;
  return with_sign(a, x);
}

// Halves go away from zero. Numbers from 2^52 on are integers.
double hb_round(double x) {
  double magnitude = absolute(x);
  if (!(magnitude < 0x1p52)) return x;
  double whole = (double)(int64_t)magnitude;
  return with_sign(magnitude - whole >= 0.5 ? whole + 1 : whole, x);
}

// Processors before SSE4.1 have no instructions for the four below.
double hb_trunc(double x) {
  double magnitude = absolute(x);
  return magnitude < 0x1p52 ? with_sign((double)(int64_t)magnitude, x) : x;
}

double hb_floor(double x) {
  double whole = hb_trunc(x);
  return whole > x ? whole - 1 : whole;
}

double hb_ceil(double x) {
  double whole = hb_trunc(x);
  return whole < x ? with_sign(absolute(whole + 1), x) : whole;
}

// Halves go to the even neighbor.
double hb_roundeven(double x) {
  double magnitude = absolute(x);
  if (!(magnitude < 0x1p52)) return x;
  int64_t whole = (int64_t)magnitude;
  double rest = magnitude - (double)whole;
  if (rest > 0.5 || (rest == 0.5 && (whole & 1))) ++whole;
  return with_sign((double)whole, x);
}
