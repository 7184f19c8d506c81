// The functions on float32 that compiled code brings along, against the C library's in double.
#include <cmath>
#include <cstring>

#include <gtest/gtest.h>
#include <hornbeam/base/philox.h>

extern "C" {
#include "codegen/aot/support/float_math.h"
}

namespace hornbeam::aot {
namespace {

constexpr uint32_t kSamples = 200000;

uint32_t word(uint32_t i, uint32_t stream) { return philox4x32({i, stream, 0, 0}, {9, 0})[0]; }

float from_bits(uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

// All floats alike, then those near 1, then moderate ones.
float sample(uint32_t i, uint32_t stream) {
  uint32_t bits = word(i, stream);
  if (i % 3 == 0) return from_bits(bits);
  double unit = bits / 4294967296.0;
  return static_cast<float>(i % 3 == 1 ? 0.9 + 0.2 * unit : 16 * unit - 8);
}

// In units of the last place, from the true value; 0 where both are NaN or the same infinity.
double error_of(float got, double expected) {
  if (std::isnan(got) || std::isnan(expected)) return std::isnan(got) == std::isnan(expected) ? 0 : 1e9;
  float rounded = static_cast<float>(expected);
  if (got == rounded) return 0;
  if (std::isinf(got) || std::isinf(rounded)) return 1e9;
  int exponent;
  std::frexp(expected, &exponent);
  return std::abs(got - expected) / std::ldexp(1.0, std::max(exponent - 24, -149));
}

template <class Got, class Expected>
void compare(const char* name, Got got, Expected expected) {
  double worst = 0;
  float at = 0;
  for (uint32_t i = 0; i < kSamples; ++i) {
    float x = sample(i, 0);
    double error = error_of(got(x), expected(static_cast<double>(x)));
    if (error > worst) worst = error, at = x;
  }
  EXPECT_LT(worst, 0.501) << name << " at " << at;
}

TEST(FloatMath, IsRightToTheLastBit) {
  using D = double;
  compare("exp2", hb_exp2f, [](D x) { return std::exp2(x); });
  compare("log2", hb_log2f, [](D x) { return std::log2(x); });
  compare("log10", hb_log10f, [](D x) { return std::log10(x); });
  compare("cbrt", hb_cbrtf, [](D x) { return std::cbrt(x); });
  compare("sinh", hb_sinhf, [](D x) { return std::sinh(x); });
  compare("cosh", hb_coshf, [](D x) { return std::cosh(x); });
  compare("asinh", hb_asinhf, [](D x) { return std::asinh(x); });
  compare("acosh", hb_acoshf, [](D x) { return std::acosh(x); });
  compare("atanh", hb_atanhf, [](D x) { return std::atanh(x); });
  compare("erfc", hb_erfcf, [](D x) { return std::erfc(x); });
  compare("sin", hb_sinf, [](D x) { return std::sin(x); });
  compare("cos", hb_cosf, [](D x) { return std::cos(x); });
  compare("tan", hb_tanf, [](D x) { return std::tan(x); });
  compare("asin", hb_asinf, [](D x) { return std::asin(x); });
  compare("acos", hb_acosf, [](D x) { return std::acos(x); });
  compare("atan", hb_atanf, [](D x) { return std::atan(x); });
  compare("trunc", hb_truncf, [](D x) { return std::trunc(x); });
  compare("floor", hb_floorf, [](D x) { return std::floor(x); });
  compare("ceil", hb_ceilf, [](D x) { return std::ceil(x); });
  compare("roundeven", hb_roundevenf, [](D x) { return std::nearbyint(x); });
  compare("round", hb_roundf, [](D x) { return std::round(x); });
}

template <class Got, class Expected>
void compare_pairs(const char* name, Got got, Expected expected) {
  const float special[] = {0.0f, -0.0f, 1,      -1,    2,      -2,       3,         -3,
                           0.5f, -0.5f, 1e-45f, 3e38f, -3e38f, INFINITY, -INFINITY, NAN};
  double worst = 0;
  float at_x = 0, at_y = 0;
  auto look = [&](float x, float y) {
    float value = got(x, y);
    double right = expected(static_cast<double>(x), static_cast<double>(y)), error = error_of(value, right);
    if (value == 0 && right == 0 && std::signbit(value) != std::signbit(right)) error = 1e9;
    if (error > worst) worst = error, at_x = x, at_y = y;
  };
  for (float x : special)
    for (float y : special) look(x, y);
  for (uint32_t i = 0; i < kSamples; ++i)
    look(sample(i, 1), i % 5 ? sample(i, 2) : static_cast<float>(word(i, 3) % 3000));
  EXPECT_LT(worst, 0.501) << name << " at " << at_x << ", " << at_y;
}

TEST(FloatMath, PairsAreRightToTheLastBit) {
  compare_pairs("pow", hb_powf, [](double x, double y) { return std::pow(x, y); });
  compare_pairs("atan2", hb_atan2f, [](double y, double x) { return std::atan2(y, x); });
  compare_pairs("fmod", hb_fmodf, [](double x, double y) { return std::fmod(x, y); });
}

}  // namespace
}  // namespace hornbeam::aot
