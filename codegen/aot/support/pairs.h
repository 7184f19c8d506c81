// Sums of two doubles that do not overlap: 106 bits, for functions that are rounded once at their end. Dekker, "A
// floating-point technique for extending the available precision", 1971. A product's parts are split by their bits, so
// that it is the same whether or not a processor fuses multiplications and additions.
#pragma once

#include "support.h"

typedef struct {
  double hi, lo;
} pair;

static inline uint64_t bits_of(double x) {
  uint64_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits;
}

static inline double of_bits(uint64_t bits) {
  double x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}

static inline double absolute(double x) { return of_bits(bits_of(x) & ~(UINT64_C(1) << 63)); }
static inline int is_finite(double x) { return (bits_of(x) >> 52 & 2047) != 2047; }
static inline int is_negative(double x) { return (int)(bits_of(x) >> 63); }
static inline double with_sign(double magnitude, double sign) { return is_negative(sign) ? -magnitude : magnitude; }
// For -1022 <= n <= 1023.
static inline double two_to(int64_t n) { return of_bits((uint64_t)(n + 1023) << 52); }

// x 2^n for any n; results beyond the range are infinite, below it they are rounded once more.
static inline double scale(double x, int64_t n) {
  for (; n > 1023; n -= 1023) x *= two_to(1023);
  for (; n < -1000; n += 1000) x *= two_to(-1000);
  return x * two_to(n);
}

// |a| >= |b|, or a = 0.
static inline pair ordered_sum(double a, double b) {
  double sum = a + b;
  return (pair){sum, b - (sum - a)};
}

static inline pair sum_of(double a, double b) {
  double sum = a + b, second = sum - a;
  return (pair){sum, (a - (sum - second)) + (b - second)};
}

static inline pair product_of(double a, double b) {
  double product = a * b;
  double a1 = of_bits(bits_of(a) & ~UINT64_C(0x7FFFFFF)), a2 = a - a1;
  double b1 = of_bits(bits_of(b) & ~UINT64_C(0x7FFFFFF)), b2 = b - b1;
  return (pair){product, ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2};
}

static inline pair negative(pair a) { return (pair){-a.hi, -a.lo}; }

static inline pair add(pair a, pair b) {
  pair sum = sum_of(a.hi, b.hi);
  return ordered_sum(sum.hi, sum.lo + (a.lo + b.lo));
}

static inline pair multiply(pair a, pair b) {
  pair product = product_of(a.hi, b.hi);
  return ordered_sum(product.hi, product.lo + (a.hi * b.lo + a.lo * b.hi));
}

static inline pair divide(pair a, pair b) {
  double quotient = a.hi / b.hi;
  pair product = product_of(quotient, b.hi);
  return ordered_sum(quotient, (((a.hi - product.hi) - product.lo) + (a.lo - quotient * b.lo)) / b.hi);
}

// Of a > 0.
static inline pair root_of(pair a) {
  double root = __builtin_elementwise_sqrt(a.hi);
  pair square = product_of(root, root);
  return ordered_sum(root, (((a.hi - square.hi) - square.lo) + a.lo) / (2 * root));
}

// c[0] + x (c[1] + x (c[2] + ...)).
static inline double polynomial(const double* c, int count, double x) {
  double sum = c[count - 1];
  for (int i = count - 2; i >= 0; --i) sum = c[i] + x * sum;
  return sum;
}
#define POLYNOMIAL(x, ...) \
  polynomial((const double[]){__VA_ARGS__}, (int)(sizeof((const double[]){__VA_ARGS__}) / sizeof(double)), x)

#define LN2 ((pair){0.6931471805599453, 2.3190468138462996e-17})
#define HALF_PI ((pair){1.5707963267948966, 6.123233995736766e-17})
#define NOT_A_NUMBER __builtin_nan("")
#define INFINITE __builtin_inf()

// e^x = m 2^n, for |x| < 2000; m is between 0.7 and 1.42.
struct exponential {
  pair m;
  int64_t n;
};
struct exponential hb_exponential(pair x);
