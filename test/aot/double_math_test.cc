// The functions on float64 that compiled code brings along, against the C library's in long double.
#include <cmath>
#include <cstring>

#include <gtest/gtest.h>
#include <hornbeam/base/philox.h>

extern "C" {
#include "codegen/aot/support/double_math.h"
}

namespace hornbeam::aot {
namespace {

using Long = long double;
constexpr uint32_t kSamples = 200000;

double from_bits(uint64_t bits) {
  double x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

// All doubles alike, then those near 1, moderate ones, and those of the magnitudes between.
double sample(uint32_t i, uint32_t stream) {
  auto words = philox4x32({i, stream, 0, 0}, {11, 0});
  uint64_t bits = uint64_t{words[0]} << 32 | words[1];
  double unit = static_cast<double>(bits >> 11) * 0x1p-53;
  switch (i % 5) {
    case 0: return from_bits(bits);
    case 1: return 0.9 + 0.2 * unit;
    case 2: return 16 * unit - 8;
    case 3: return 1500 * unit - 750;
    default: return std::ldexp(unit - 0.5, static_cast<int>(words[2] % 80) - 60);
  }
}

// In units of the last place, from the true value; 0 where both are NaN or the same infinity.
double error_of(double got, Long expected) {
  if (std::isnan(got) || std::isnan(expected)) return std::isnan(got) == std::isnan(expected) ? 0 : 1e9;
  double rounded = static_cast<double>(expected);
  if (got == rounded) return got == 0 && std::signbit(got) != std::signbit(rounded) ? 1e9 : 0;
  if (std::isinf(got) || std::isinf(rounded)) return 1e9;
  int exponent;
  std::frexp(expected, &exponent);
  return static_cast<double>(std::abs(got - expected) / std::ldexp(1.0L, std::max(exponent - 53, -1074)));
}

const double kSpecial[] = {0.0,
                           -0.0,
                           1,
                           -1,
                           2,
                           -2,
                           3,
                           -3,
                           0.5,
                           -0.5,
                           5e-324,
                           -5e-324,
                           2.2250738585072014e-308,
                           1.7976931348623157e308,
                           -1.7976931348623157e308,
                           INFINITY,
                           -INFINITY,
                           NAN,
                           709.782712893384,
                           709.7827128933841,
                           -745.1332191019411,
                           -745.1332191019412,
                           1024,
                           -1074,
                           -1075,
                           0.25,
                           1e22,
                           27.226,
                           5.9,
                           6,
                           -6,
                           1e-10,
                           -1e-10,
                           0x1p52,
                           0x1p53,
                           4503599627370495.5,
                           2.5,
                           3.5,
                           -2.5};

// How far the worst is off must stay below `most`.
void compare(const char* name, double (*got)(double), Long (*expected)(Long), double most) {
  double worst = 0, at = 0;
  auto look = [&](double x) {
    double error = error_of(got(x), expected(x));
    if (error > worst) worst = error, at = x;
  };
  for (double x : kSpecial) look(x);
  for (uint32_t i = 0; i < kSamples; ++i) look(sample(i, 0));
  EXPECT_LT(worst, most) << name << " at " << ::testing::PrintToString(at);
  ::testing::Test::RecordProperty(name, std::to_string(worst));
}

TEST(DoubleMath, Exponentials) {
  compare("exp", hb_exp, std::exp, 0.75);
  compare("exp2", hb_exp2, std::exp2, 0.7);
  compare("expm1", hb_expm1, std::expm1, 0.9);
  compare("sinh", hb_sinh, std::sinh, 0.7);
  compare("cosh", hb_cosh, std::cosh, 0.7);
  compare("tanh", hb_tanh, std::tanh, 0.9);
}

TEST(DoubleMath, LogarithmsAndRoots) {
  compare("log", hb_log, std::log, 0.75);
  compare("log1p", hb_log1p, std::log1p, 0.52);
  compare("log2", hb_log2, std::log2, 0.52);
  compare("log10", hb_log10, std::log10, 0.52);
  compare("asinh", hb_asinh, std::asinh, 0.52);
  compare("acosh", hb_acosh, std::acosh, 0.52);
  compare("atanh", hb_atanh, std::atanh, 0.52);
  compare("cbrt", hb_cbrt, std::cbrt, 0.52);
}

TEST(DoubleMath, Angles) {
  compare("sin", hb_sin, std::sin, 0.75);
  compare("cos", hb_cos, std::cos, 0.75);
  compare("tan", hb_tan, std::tan, 0.8);
  compare("asin", hb_asin, std::asin, 0.52);
  compare("acos", hb_acos, std::acos, 0.52);
  compare("atan", hb_atan, std::atan, 0.52);
}

TEST(DoubleMath, ErrorFunctions) {
  compare("erf", hb_erf, std::erf, 1);
  compare("erfc", hb_erfc, std::erfc, 2.5);
}

TEST(DoubleMath, RoundingIsExact) {
  compare("trunc", hb_trunc, std::trunc, 1e-9);
  compare("floor", hb_floor, std::floor, 1e-9);
  compare("ceil", hb_ceil, std::ceil, 1e-9);
  compare("round", hb_round, std::round, 1e-9);
  compare("roundeven", hb_roundeven, std::nearbyint, 1e-9);
}

void compare_pairs(const char* name, double (*got)(double, double), Long (*expected)(Long, Long), double most) {
  double worst = 0, at_x = 0, at_y = 0;
  auto look = [&](double x, double y) {
    double error = error_of(got(x, y), expected(x, y));
    if (error > worst) worst = error, at_x = x, at_y = y;
  };
  for (double x : kSpecial)
    for (double y : kSpecial) look(x, y);
  for (uint32_t i = 0; i < kSamples; ++i)
    look(sample(i, 1), i % 3 ? sample(i * 7 + i / 5, 2) : std::floor(sample(5 * i + 2, 3) * 40));
  EXPECT_LT(worst, most) << name << " at " << ::testing::PrintToString(at_x) << ", " << ::testing::PrintToString(at_y);
  ::testing::Test::RecordProperty(name, std::to_string(worst));
}

TEST(DoubleMath, Pairs) {
  compare_pairs("pow", hb_pow, std::pow, 0.75);
  compare_pairs("atan2", hb_atan2, std::atan2, 1.5);
  compare_pairs("fmod", hb_fmod, std::fmod, 1e-9);
}

// Exact results stay exact.
TEST(DoubleMath, PowersOfTwoTenAndCubes) {
  for (int n = -1074; n < 1024; ++n) EXPECT_EQ(hb_log2(std::ldexp(1.0, n)), n);
  for (int n = -1021; n < 1024; ++n) EXPECT_EQ(hb_exp2(n), std::ldexp(1.0, n));
  double ten = 1;
  for (int n = 0; n <= 22; ++n, ten *= 10) {
    EXPECT_EQ(hb_log10(ten), n);
    EXPECT_EQ(hb_pow(10, n), ten);
  }
  for (int n = 1; n < 1000; ++n) EXPECT_EQ(hb_cbrt(static_cast<double>(n) * n * n), n);
}

}  // namespace
}  // namespace hornbeam::aot
