// Every math function against libm in double precision: over all exponents, subnormals, infinities and NaN.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include <absl/strings/str_cat.h>
#include <absl/strings/substitute.h>
#include <gtest/gtest.h>

#include "image_support.h"

namespace hornbeam::test {
namespace {

// Applies op to n floats or doubles, one vector at a time; `lanes` 1 is the scalar path.
std::string unary_loop(const std::string& op, const std::string& element, int lanes, size_t n) {
  std::string memref = absl::StrCat("memref<1099511627776x", element, ">");
  std::string type = lanes == 1 ? element : absl::StrCat("vector<", lanes, "x", element, ">");
  std::string load = lanes == 1 ? "memref.load %x[%i] : $0" : "vector.load %x[%i] : $0, $1";
  std::string store = lanes == 1 ? "memref.store %b, %y[%i] : $0" : "vector.store %b, %y[%i] : $0, $1";
  return absl::Substitute(absl::StrCat(R"(
    func.func @run(%HEAD, %x: $0, %y: $0, %TAIL) {
      %c0 = arith.constant 0 : index
      %n = arith.constant $2 : index
      %step = arith.constant $3 : index
      scf.for %i = %c0 to %n step %step {
        %a = )", load, R"(
        %b = $4 %a : $1
        )", store, R"(
      }
      return
    })"), memref, type, n, lanes, op);
}

template <typename Float>
std::vector<Float> apply(const std::string& op, int lanes, std::vector<Float> x) {
  x.resize((x.size() + 15) / 16 * 16, Float(1));
  std::vector<Float> y(x.size());
  const char* element = sizeof(Float) == 4 ? "f32" : "f64";
  compile_and_call(unary_loop(op, element, lanes, x.size()), {x.data()}, {y.data()});
  return y;
}

float from_bits(uint32_t bits) {
  float x;
  memcpy(&x, &bits, 4);
  return x;
}

// About a million floats spread over all bit patterns, and the special ones.
std::vector<float> all_kinds() {
  std::vector<float> x;
  for (uint64_t bits = 0; bits < (uint64_t{1} << 32); bits += 4093) x.push_back(from_bits(static_cast<uint32_t>(bits)));
  using Limits = std::numeric_limits<float>;
  for (float value : {0.0f, 1.0f, 2.0f, 0.5f, Limits::min(), Limits::denorm_min(), Limits::max(), Limits::infinity(),
                      Limits::epsilon(), 88.72283f, 88.72284f, 103.97208f, 104.0f, 3.1415927f, 1e5f, 1e10f})
    for (float sign : {1.0f, -1.0f})
      for (float towards : {-Limits::infinity(), Limits::infinity()}) {
        x.push_back(sign * value);
        x.push_back(std::nextafter(sign * value, towards));
      }
  x.push_back(Limits::quiet_NaN());
  return x;
}

std::vector<float> evenly(float low, float high, int n) {
  std::vector<float> x;
  for (int i = 0; i <= n; ++i) x.push_back(low + (high - low) * static_cast<float>(i) / static_cast<float>(n));
  return x;
}

// The distance in units of the last place of the nearest float to `exact`.
double ulps(float got, double exact) {
  float nearest = static_cast<float>(exact);
  if (std::isnan(exact)) return std::isnan(got) ? 0 : HUGE_VAL;
  if (std::isinf(nearest) || std::isinf(got)) return got == nearest ? 0 : HUGE_VAL;
  float magnitude = std::max(std::abs(nearest), std::numeric_limits<float>::min());
  double unit = std::ldexp(1.0, std::ilogb(magnitude) - 23);
  return std::abs(got - exact) / unit;
}

struct Case {
  const char* name;
  double (*exact)(double);
  double bound;  // ulps, measured and rounded up
  float low, high;  // where the values of models mostly lie: looked at closely
};

class MathFunction : public ::testing::TestWithParam<Case> {};

void check(const Case& function, const std::vector<float>& x, int lanes) {
  std::vector<float> y = apply(absl::StrCat("math.", function.name), lanes, x);
  double worst = 0;
  float at = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    double error = ulps(y[i], function.exact(x[i]));
    if (error > worst) {
      worst = error;
      at = x[i];
    }
  }
  ::testing::Test::RecordProperty(absl::StrCat("max_ulps_", lanes, "_lanes"), absl::StrCat(worst, " at ", at));
  EXPECT_LE(worst, function.bound) << function.name << " of " << std::hexfloat << at << " with lanes " << lanes;
}

TEST_P(MathFunction, IsFaithfulOverAllFloats) { check(GetParam(), all_kinds(), 16); }

TEST_P(MathFunction, IsFaithfulWhereModelsLive) {
  check(GetParam(), evenly(GetParam().low, GetParam().high, 1000003), 16);
}

TEST_P(MathFunction, IsTheSameForScalars) {
  std::vector<float> x = evenly(GetParam().low, GetParam().high, 10007);
  std::string op = absl::StrCat("math.", GetParam().name);
  std::vector<float> vectors = apply(op, 16, x), scalars = apply(op, 1, x);
  EXPECT_EQ(memcmp(vectors.data(), scalars.data(), vectors.size() * sizeof(float)), 0);
}

TEST_P(MathFunction, KeepsTheSignOfZero) {
  std::vector<float> y = apply<float>(absl::StrCat("math.", GetParam().name), 16, {0.0f, -0.0f});
  EXPECT_EQ(std::signbit(y[0]), std::signbit(GetParam().exact(0.0)));
  EXPECT_EQ(std::signbit(y[1]), std::signbit(GetParam().exact(-0.0)));
}

TEST_P(MathFunction, WorksForDoubles) {
  std::vector<double> x;
  for (int i = 0; i < 1000; ++i) x.push_back(GetParam().low + (GetParam().high - GetParam().low) * i / 999.0);
  std::vector<double> y = apply(absl::StrCat("math.", GetParam().name), 4, x);
  for (size_t i = 0; i < x.size(); ++i)
    ASSERT_TRUE(y[i] == GetParam().exact(x[i]) || std::abs(y[i] - GetParam().exact(x[i])) <= 1e-15 * std::abs(y[i]))
        << GetParam().name << " of " << x[i];
}

double rsqrt(double x) { return 1 / std::sqrt(x); }

INSTANTIATE_TEST_SUITE_P(
    , MathFunction,
    ::testing::Values(Case{"exp", std::exp, 1.0, -105, 90}, Case{"expm1", std::expm1, 1.6, -20, 20},
                      Case{"log", std::log, 0.85, 1e-6, 10}, Case{"log1p", std::log1p, 0.85, -0.999, 10},
                      Case{"tanh", std::tanh, 2.4, -10, 10}, Case{"erf", std::erf, 1.1, -4, 4},
                      Case{"sin", std::sin, 1.5, -10, 10}, Case{"cos", std::cos, 1.5, -10, 10},
                      Case{"tan", std::tan, 3.0, -10, 10}, Case{"rsqrt", rsqrt, 1.5, 1e-6, 100}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Math, RoundsHalfToEven) {
  std::vector<float> y = apply<float>("math.roundeven", 16, {0.5f, 1.5f, 2.5f, -0.5f, -1.5f, 8388609.0f});
  EXPECT_EQ(std::vector<float>(y.begin(), y.begin() + 6), (std::vector<float>{0, 2, 2, -0.0f, -2, 8388609.0f}));
}

TEST(Math, TakesNarrowFloatsThroughFloat32) {
  std::string mlir = R"(
    func.func @run(%HEAD, %x: memref<1099511627776xf32>, %y: memref<1099511627776xf32>, %TAIL) {
      %c0 = arith.constant 0 : index
      %a = vector.load %x[%c0] : memref<1099511627776xf32>, vector<16xf32>
      %b = arith.truncf %a : vector<16xf32> to vector<16x$0>
      %c = math.exp %b : vector<16x$0>
      %d = arith.extf %c : vector<16x$0> to vector<16xf32>
      vector.store %d, %y[%c0] : memref<1099511627776xf32>, vector<16xf32>
      return
    })";
  for (const char* type : {"bf16", "f16"}) {
    std::vector<float> x(16, 1.0f), y(16);
    compile_and_call(absl::Substitute(mlir, type), {x.data()}, {y.data()});
    EXPECT_NEAR(y[7], std::exp(1.0), 0.01) << type;
    EXPECT_NE(y[7], static_cast<float>(std::exp(1.0))) << type;  // rounded to the narrow type
  }
}

// On a processor without narrow arithmetic nothing may be left to a compiler's library.
TEST(Math, ComputesNarrowFloatsInFloat32) {
  std::string mlir = R"(
    func.func @run(%HEAD, %x: memref<1099511627776xf32>, %y: memref<1099511627776xf32>, %TAIL) {
      %c0 = arith.constant 0 : index
      %c16 = arith.constant 16 : index
      %a = vector.load %x[%c0] : memref<1099511627776xf32>, vector<16xf32>
      %v = arith.truncf %a : vector<16xf32> to vector<16x$0>
      %u = arith.addf %v, %v : vector<16x$0>
      %w = arith.divf %u, %v : vector<16x$0>
      %z = arith.maximumf %w, %v : vector<16x$0>
      %f = math.fma %z, %v, %u : vector<16x$0>
      %g = math.floor %f : vector<16x$0>
      %r = vector.reduction <add>, %v : vector<16x$0> into $0
      %e = arith.extf %g : vector<16x$0> to vector<16xf32>
      %s = arith.extf %r : $0 to f32
      vector.store %e, %y[%c0] : memref<1099511627776xf32>, vector<16xf32>
      memref.store %s, %y[%c16] : memref<1099511627776xf32>
      return
    })";
  codegen::CompileOptions options;
  options.cpu = "x86-64-v3";
  for (const char* type : {"bf16", "f16"}) {
    auto program = compile_run(absl::Substitute(mlir, type), 1, 1, options);
    ASSERT_TRUE(program.ok()) << type << ": " << program.status();
    LoadedImage image(program->image);
    std::vector<float> x(16), y(17);
    for (int i = 0; i < 16; ++i) x[i] = 0.25f * static_cast<float>(i + 1);
    void* buffers[] = {nullptr, nullptr, nullptr, nullptr, x.data(), y.data()};
    HornbeamCall call{};
    call.buffers = buffers;
    image.entry("hornbeam_run")(&call);
    for (int i = 0; i < 16; ++i) EXPECT_EQ(y[i], std::floor(std::max(2.0f, x[i]) * x[i] + 2 * x[i])) << type << " of " << x[i];
    EXPECT_EQ(y[16], 34.0f) << type;
  }
}

TEST(Math, PowerIsLibms) {
  std::string mlir = R"(
    func.func @run(%HEAD, %x: memref<1099511627776xf32>, %p: memref<1099511627776xf32>, %y: memref<1099511627776xf32>,
                   %TAIL) {
      %c0 = arith.constant 0 : index
      %a = vector.load %x[%c0] : memref<1099511627776xf32>, vector<8xf32>
      %b = vector.load %p[%c0] : memref<1099511627776xf32>, vector<8xf32>
      %c = math.powf %a, %b : vector<8xf32>
      vector.store %c, %y[%c0] : memref<1099511627776xf32>, vector<8xf32>
      return
    })";
  std::vector<float> x = {2, 0, -2, -2, 0.999f, 10, 1, -8}, p = {0.5f, 0, 3, 0.5f, 1000, 38, INFINITY, -1}, y(8);
  compile_and_call(mlir, {x.data(), p.data()}, {y.data()});
  for (int i = 0; i < 8; ++i) EXPECT_LE(ulps(y[i], std::pow(double{x[i]}, double{p[i]})), 1.0) << x[i] << " ^ " << p[i];
}

TEST(Math, NamesAnOpWithoutCode) {
  auto program = compile_run(unary_loop("math.sincos", "f32", 16, 16), 1, 1);
  EXPECT_FALSE(program.ok());
}

}  // namespace
}  // namespace hornbeam::test
