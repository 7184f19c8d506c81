// Elementwise mathematics, written in basic ops so that the gradient follows; a branch that is not taken is given a
// harmless argument first, since its NaN would come back through the gradient.
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/math.h>
#include <hornbeam/ops/reduce.h>

#include <cmath>
#include <limits>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {
namespace {

using Xs = std::vector<Tensor>;

// A horn op of one float operand.
Tensor floating(const char* op, const char* keras_name, const Tensor& x) {
  return composed_unary(keras_name, x, [op](const Tensor& x) { return trace::emit(op, {to_float(x)}); });
}

// Both as floats of their common dtype; shapes are left to the ops.
std::pair<Tensor, Tensor> floats(const Tensor& x1, const Tensor& x2) {
  DType dtype = result_type({x1, x2});
  if (!is_float(dtype)) dtype = config::floatx();
  return {to_dtype(x1, dtype), to_dtype(x2, dtype)};
}

// f of |x| with x's sign, with f's slope at 0.
template <class F>
Tensor odd(const Tensor& x, F f) {
  Tensor below = less(x, 0), y = f(where(below, negative(x), x));
  return where(below, negative(y), y);
}

double largest(DType dtype) {
  switch (dtype) {
    case DType::float16: return 65504.0;
    case DType::bfloat16: return 0x1.fep127;
    case DType::float64: return std::numeric_limits<double>::max();
    default: return std::numeric_limits<float>::max();
  }
}

// Up to kSeriesEnd: the sum of (x^2 / 4)^k / (k!)^2, whose terms are all positive.
constexpr double kSeriesEnd = 15.0;
constexpr int kSeriesTerms = 36;
Tensor bessel_series(const Tensor& x) {
  Tensor z = multiply(multiply(x, x), 0.25), sum = add(multiply(z, 0), 1);
  for (int k = kSeriesTerms; k > 0; --k) sum = add(multiply(multiply(sum, z), 1.0 / (static_cast<double>(k) * k)), 1);
  return sum;
}
// Beyond: e^x / sqrt(2 pi x) times the sum of ((2k - 1)!!)^2 / (k! (8x)^k).
Tensor bessel_asymptote(const Tensor& x) {
  Tensor t = divide(1, multiply(x, 8)), sum = add(multiply(t, 0), 1);
  for (int k = 8; k > 0; --k) {
    double odd_factor = 2.0 * k - 1;
    sum = add(multiply(multiply(sum, t), odd_factor * odd_factor / k), 1);
  }
  return multiply(multiply(exp(x), sum), rsqrt(multiply(x, 2 * M_PI)));
}

}  // namespace

Tensor absolute(const Tensor& x) { return abs(x); }
Tensor true_divide(const Tensor& x1, const Tensor& x2) { return divide(x1, x2); }

Tensor fabs(const Tensor& x) {
  return composed_unary("Absolute", x, [](const Tensor& x) { return abs(to_float(x)); });
}
Tensor copy(const Tensor& x) {
  return composed_unary("Copy", x, [](const Tensor& x) { return trace::Trace::current()->lift(x); });
}
Tensor exp2(const Tensor& x) {
  return composed_unary("Exp2", x, [](const Tensor& x) { return power(2, to_float(x)); });
}
Tensor cbrt(const Tensor& x) {
  return composed_unary("Cbrt", x, [](const Tensor& x) {
    return odd(to_float(x), [](const Tensor& size) { return power(size, 1.0 / 3); });
  });
}
Tensor deg2rad(const Tensor& x) {
  return composed_unary("Deg2rad", x, [](const Tensor& x) { return multiply(to_float(x), M_PI / 180); });
}
Tensor rad2deg(const Tensor& x) {
  return composed_unary("Rad2deg", x, [](const Tensor& x) { return multiply(to_float(x), 180 / M_PI); });
}
Tensor sinc(const Tensor& x) {
  return composed_unary("Sinc", x, [](const Tensor& x) {
    Tensor angle = multiply(to_float(x), M_PI), zero = equal(angle, 0), safe = where(zero, 1, angle);
    return where(zero, 1, divide(sin(safe), safe));
  });
}
Tensor i0(const Tensor& x) {
  return composed_unary("I0", x, [](const Tensor& x) {
    Tensor in = to_float(x), size = abs(in), near = less(size, kSeriesEnd);
    return where(near, bessel_series(where(near, in, 0)), bessel_asymptote(where(near, kSeriesEnd, size)));
  });
}
Tensor erfc(const Tensor& x) { return floating("erfc", "Erfc", x); }
Tensor erfinv(const Tensor& x) { return floating("erfinv", "Erfinv", x); }
Tensor trunc(const Tensor& x) {
  return composed_unary("Trunc", x, [](const Tensor& x) {
    if (!is_float(x.dtype())) return trace::Trace::current()->lift(x);
    return where(less(x, 0), ceil(x), floor(x));
  });
}
Tensor round(const Tensor& x, int64_t decimals) {
  if (decimals == 0) return round(x);
  auto body = [decimals](const Tensor& x) {
    double scale = std::pow(10.0, static_cast<double>(std::abs(decimals)));
    if (!is_float(x.dtype()) && decimals > 0) return trace::Trace::current()->lift(x);
    Tensor in = to_float(x);
    Tensor y = decimals > 0 ? divide(round(multiply(in, scale)), scale) : multiply(round(divide(in, scale)), scale);
    return to_dtype(y, x.dtype());
  };
  return composed_unary("Round", x, body, Config::object({{"decimals", decimals}}));
}

Tensor arcsin(const Tensor& x) {
  return composed_unary("Arcsin", x, [](const Tensor& x) {
    Tensor in = to_float(x);
    return trace::emit("atan2", {in, sqrt(multiply(subtract(1, in), add(1, in)))});
  });
}
Tensor arccos(const Tensor& x) {
  return composed_unary("Arccos", x, [](const Tensor& x) {
    Tensor in = to_float(x);
    return trace::emit("atan2", {sqrt(multiply(subtract(1, in), add(1, in))), in});
  });
}
Tensor arctan(const Tensor& x) { return floating("atan", "Arctan", x); }
Tensor arcsinh(const Tensor& x) {
  return composed_unary("Arcsinh", x, [](const Tensor& x) {
    // log(s + sqrt(s^2 + 1)), written so that small s keeps its digits.
    return odd(to_float(x), [](const Tensor& s) {
      Tensor square = multiply(s, s);
      return log1p(add(s, divide(square, add(sqrt(add(square, 1)), 1))));
    });
  });
}
Tensor arccosh(const Tensor& x) {
  return composed_unary("Arccosh", x, [](const Tensor& x) {
    Tensor t = subtract(to_float(x), 1);
    return log1p(add(t, sqrt(multiply(t, add(t, 2)))));
  });
}
Tensor arctanh(const Tensor& x) {
  return composed_unary("Arctanh", x, [](const Tensor& x) {
    Tensor in = to_float(x);
    return multiply(subtract(log1p(in), log1p(negative(in))), 0.5);
  });
}
Tensor arctan2(const Tensor& x1, const Tensor& x2) {
  return composed_binary("Arctan2", x1, x2, [](const Tensor& x1, const Tensor& x2) {
    auto [y, x] = floats(x1, x2);
    Shape shape = broadcast_shape(y.shape(), x.shape());
    return trace::emit("atan2", {to_shape(y, shape), to_shape(x, shape)});
  });
}

Tensor hypot(const Tensor& x1, const Tensor& x2) {
  return composed_binary("Hypot", x1, x2, [](const Tensor& x1, const Tensor& x2) {
    auto [a, b] = floats(x1, x2);
    // The scale is a constant to the gradient: the result does not depend on it.
    Tensor scale = stop_gradient(maximum(abs(a), abs(b)));
    Tensor usable = logical_and(greater(scale, 0), isfinite(scale));
    scale = where(usable, scale, 1);
    Tensor p = divide(a, scale), q = divide(b, scale);
    return multiply(scale, sqrt(add(multiply(p, p), multiply(q, q))));
  });
}

namespace {
// max + log(1 + e^-|difference|) in base e or 2.
Tensor log_add_exp(const Tensor& x1, const Tensor& x2, double log_of_base) {
  auto [a, b] = floats(x1, x2);
  Tensor same = equal(a, b);  // two equal infinities have no difference
  Tensor shifted = where(same, 0, subtract(a, where(same, 0, b)));
  // Where equal: the mean of both, so that each gets half of the gradient.
  Tensor top = where(same, multiply(add(a, b), 0.5), maximum(a, b));
  Tensor more = log1p(exp(multiply(negative(abs(shifted)), log_of_base)));
  return add(top, multiply(more, 1 / log_of_base));
}
}  // namespace

Tensor logaddexp(const Tensor& x1, const Tensor& x2) {
  return composed_binary("Logaddexp", x1, x2,
                         [](const Tensor& x1, const Tensor& x2) { return log_add_exp(x1, x2, 1.0); });
}
Tensor logaddexp2(const Tensor& x1, const Tensor& x2) {
  return composed_binary("Logaddexp2", x1, x2,
                         [](const Tensor& x1, const Tensor& x2) { return log_add_exp(x1, x2, std::log(2.0)); });
}
Tensor fmax(const Tensor& x1, const Tensor& x2) {
  return composed_binary("Fmax", x1, x2, [](const Tensor& x1, const Tensor& x2) {
    return where(isnan(x1), x2, where(isnan(x2), x1, maximum(x1, x2)));
  });
}
Tensor fmin(const Tensor& x1, const Tensor& x2) {
  return composed_binary("Fmin", x1, x2, [](const Tensor& x1, const Tensor& x2) {
    return where(isnan(x1), x2, where(isnan(x2), x1, minimum(x1, x2)));
  });
}
Tensor fmod(const Tensor& x1, const Tensor& x2) {
  return composed_binary("Fmod", x1, x2, [](const Tensor& x1, const Tensor& x2) {
    Tensor rest = mod(abs(x1), abs(x2));
    return where(less(x1, 0), negative(rest), rest);
  });
}
Tensor heaviside(const Tensor& x1, const Tensor& x2) {
  return composed_binary("Heaviside", x1, x2, [](const Tensor& x1, const Tensor& x2) {
    auto [x, at_zero] = floats(x1, x2);
    return where(less(x, 0), 0, where(greater(x, 0), 1, where(equal(x, 0), at_zero, x)));
  });
}
Tensor ldexp(const Tensor& x1, const Tensor& x2) {
  return composed_binary("Ldexp", x1, x2, [](const Tensor& x1, const Tensor& x2) {
    if (!is_integer(x2.dtype()))
      throw TypeError("[ldexp] x2 must be integers. Received: x2 of dtype " + std::string(name_of(x2.dtype())));
    Tensor x = to_float(x1), exponent = to_dtype(x2, x.dtype());
    // In two steps: 2^x2 alone may be out of range where the product is not.
    Tensor half = floor(multiply(exponent, 0.5));
    return multiply(multiply(x, power(2, half)), power(2, subtract(exponent, half)));
  });
}

namespace {
void check_integers(const char* op, const Tensor& x1, const Tensor& x2) {
  if (!is_integer(x1.dtype()) || !is_integer(x2.dtype()))
    throw TypeError(std::string("[") + op + "] Both tensors must be integers. Received: dtypes " +
                    std::string(name_of(x1.dtype())) + " and " + std::string(name_of(x2.dtype())));
}
// Euclid's algorithm; consecutive Fibonacci numbers take the most steps, 1.44 for each bit.
Tensor euclid(const Tensor& x1, const Tensor& x2) {
  DType dtype = result_type({x1, x2});
  Shape shape = broadcast_shape(x1.shape(), x2.shape());
  Tensor a = abs(to_shape(to_dtype(x1, dtype), shape)), b = abs(to_shape(to_dtype(x2, dtype), shape));
  int steps = static_cast<int>(std::ceil(8.0 * static_cast<double>(size_of(dtype)) * 1.4405));
  for (int i = 0; i < steps; ++i) {
    Tensor rest = mod(a, b);  // 0 where b is 0
    a = where(equal(b, 0), a, b);
    b = rest;
  }
  return a;
}
}  // namespace

Tensor gcd(const Tensor& x1, const Tensor& x2) {
  return composed_binary("Gcd", x1, x2, [](const Tensor& x1, const Tensor& x2) {
    check_integers("gcd", x1, x2);
    return euclid(x1, x2);
  });
}
Tensor lcm(const Tensor& x1, const Tensor& x2) {
  return composed_binary("Lcm", x1, x2, [](const Tensor& x1, const Tensor& x2) {
    check_integers("lcm", x1, x2);
    Tensor divisor = euclid(x1, x2);
    return multiply(floor_divide(to_dtype(abs(x1), divisor.dtype()), divisor), abs(x2));
  });
}

Tensor isposinf(const Tensor& x) {
  return composed_unary("Isposinf", x, [](const Tensor& x) { return logical_and(isinf(x), greater(x, 0)); });
}
Tensor isneginf(const Tensor& x) {
  return composed_unary("Isneginf", x, [](const Tensor& x) { return logical_and(isinf(x), less(x, 0)); });
}
Tensor signbit(const Tensor& x) {
  return composed_unary("Signbit", x, [](const Tensor& x) {
    if (x.dtype() == DType::boolean || is_integer(x.dtype())) return less(to_dtype(x, result_type({x, Tensor(0)})), 0);
    DType dtype = x.dtype() == DType::float64 ? DType::float64 : DType::float32;
    DType bits = dtype == DType::float64 ? DType::int64 : DType::int32;
    return less(trace::emit("bitcast", {to_dtype(x, dtype)}, {{"dtype", bits}}), 0);
  });
}

Tensor isclose(const Tensor& x1, const Tensor& x2, double rtol, double atol, bool equal_nan) {
  Config arguments = Config::object({{"rtol", rtol}, {"atol", atol}, {"equal_nan", equal_nan}});
  return composed_binary(
      "Isclose", x1, x2,
      [=](const Tensor& x1, const Tensor& x2) {
        auto [a, b] = floats(x1, x2);
        Tensor near = less_equal(abs(subtract(a, b)), add(multiply(abs(b), rtol), atol));
        Tensor close = logical_or(equal(a, b), logical_and(near, logical_and(isfinite(a), isfinite(b))));
        return equal_nan ? logical_or(close, logical_and(isnan(a), isnan(b))) : close;
      },
      arguments);
}
Tensor allclose(const Tensor& x1, const Tensor& x2, double rtol, double atol, bool equal_nan) {
  Config arguments = Config::object({{"rtol", rtol}, {"atol", atol}, {"equal_nan", equal_nan}});
  return composed_binary(
      "Allclose", x1, x2,
      [=](const Tensor& x1, const Tensor& x2) { return all(isclose(x1, x2, rtol, atol, equal_nan)); }, arguments);
}

Tensor nan_to_num(const Tensor& x, double nan, std::optional<double> posinf, std::optional<double> neginf) {
  Config arguments = Config::object({{"nan", nan}, {"posinf", posinf}, {"neginf", neginf}});
  return composed_unary(
      "NanToNum", x,
      [=](const Tensor& x) {
        if (!is_float(x.dtype())) return trace::Trace::current()->lift(x);
        double end = largest(x.dtype());
        Tensor y = where(isnan(x), nan, x);
        y = where(isposinf(y), posinf.value_or(end), y);
        return where(isneginf(y), neginf.value_or(-end), y);
      },
      arguments);
}

Tensor saturate_cast(const Tensor& x, DType dtype) {
  if (!is_integer(dtype)) return cast(x, dtype);
  return composed_unary(
      "SaturateCast", x,
      [dtype](const Tensor& x) {
        bool with_sign = is_signed_integer(dtype);
        int bits = 8 * static_cast<int>(size_of(dtype)) - with_sign;
        double low = with_sign ? -std::ldexp(1.0, bits) : 0, high = std::ldexp(1.0, bits) - 1;
        if (!is_float(x.dtype()) && x.dtype() != DType::boolean) {
          // Only a range that the given dtype goes beyond cuts anything off.
          bool given_sign = is_signed_integer(x.dtype());
          int given = 8 * static_cast<int>(size_of(x.dtype())) - given_sign;
          Tensor y = x;
          if (given_sign && !with_sign) y = maximum(y, 0);
          if (given_sign && with_sign && given > bits) y = maximum(y, static_cast<int64_t>(low));
          if (given > bits) y = minimum(y, static_cast<int64_t>(high));
          return cast(y, dtype);
        }
        Tensor in = to_float(x);
        // The largest integer may have no float of its own: the largest float below it is taken.
        double top = high;
        if (in.dtype() == DType::float32 && bits > 24) top = std::ldexp(1.0, bits) - std::ldexp(1.0, bits - 24);
        if (in.dtype() == DType::float64 && bits > 53) top = std::ldexp(1.0, bits) - std::ldexp(1.0, bits - 53);
        return cast(minimum(maximum(in, low), top), dtype);
      },
      Config::object({{"dtype", dtype}}));
}

Tensor select(const std::vector<Tensor>& condlist, const std::vector<Tensor>& choicelist, const Tensor& default_value) {
  if (condlist.empty() || condlist.size() != choicelist.size())
    throw ValueError("[select] condlist and choicelist must have the same length, at least 1. Received: " +
                     std::to_string(condlist.size()) + " conditions and " + std::to_string(choicelist.size()) +
                     " choices");
  Xs all = condlist;
  all.insert(all.end(), choicelist.begin(), choicelist.end());
  all.push_back(default_value);
  size_t n = condlist.size();
  return apply("Select", all, Config::object(), [n](const Xs& x) {
    Tensor result = x[2 * n];
    for (size_t i = n; i-- > 0;) result = where(x[i], x[n + i], result);
    return result;
  });
}

}  // namespace hornbeam::ops
