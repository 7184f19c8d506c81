// Elementwise mathematics beyond the basic ops of elementwise.h; names and arguments as keras.ops. Integers are
// computed in float32 wherever the result is not an integer by nature.
#pragma once

#include <optional>
#include <vector>

#include <hornbeam/tensor.h>

namespace hornbeam::ops {

Tensor absolute(const Tensor& x);
Tensor true_divide(const Tensor& x1, const Tensor& x2);
Tensor fabs(const Tensor& x);  // |x| as a float
Tensor copy(const Tensor& x);
Tensor exp2(const Tensor& x);
Tensor cbrt(const Tensor& x);
Tensor deg2rad(const Tensor& x);
Tensor rad2deg(const Tensor& x);
Tensor sinc(const Tensor& x);  // sin(pi x) / (pi x), 1 at 0
Tensor i0(const Tensor& x);    // modified Bessel function of the first kind, order 0
Tensor erfc(const Tensor& x);
Tensor erfinv(const Tensor& x);
Tensor trunc(const Tensor& x);
// Half to even at that many decimals (negative: at tens, hundreds, …).
Tensor round(const Tensor& x, int64_t decimals);

Tensor arcsin(const Tensor& x);
Tensor arccos(const Tensor& x);
Tensor arctan(const Tensor& x);
Tensor arcsinh(const Tensor& x);
Tensor arccosh(const Tensor& x);
Tensor arctanh(const Tensor& x);
Tensor arctan2(const Tensor& x1, const Tensor& x2);  // the angle of the point (x2, x1)

Tensor hypot(const Tensor& x1, const Tensor& x2);       // sqrt(x1^2 + x2^2), without overflow in between
Tensor logaddexp(const Tensor& x1, const Tensor& x2);   // log(e^x1 + e^x2)
Tensor logaddexp2(const Tensor& x1, const Tensor& x2);  // log2(2^x1 + 2^x2)
Tensor fmax(const Tensor& x1, const Tensor& x2);        // the other where one is NaN
Tensor fmin(const Tensor& x1, const Tensor& x2);
Tensor fmod(const Tensor& x1, const Tensor& x2);       // the dividend's sign
Tensor heaviside(const Tensor& x1, const Tensor& x2);  // 0 or 1 by x1's sign, x2 where x1 is 0
Tensor ldexp(const Tensor& x1, const Tensor& x2);      // x1 * 2^x2
Tensor gcd(const Tensor& x1, const Tensor& x2);
Tensor lcm(const Tensor& x1, const Tensor& x2);

Tensor isposinf(const Tensor& x);
Tensor isneginf(const Tensor& x);
Tensor signbit(const Tensor& x);  // true of -0 as well
// |x1 - x2| <= atol + rtol |x2|; infinities equal themselves alone.
Tensor isclose(const Tensor& x1, const Tensor& x2, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false);
Tensor allclose(const Tensor& x1, const Tensor& x2, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false);
// Infinities become `posinf` and `neginf`, by default the dtype's largest and lowest number.
Tensor nan_to_num(const Tensor& x, double nan = 0.0, std::optional<double> posinf = {},
                  std::optional<double> neginf = {});
// Values beyond an integer's range become its ends.
Tensor saturate_cast(const Tensor& x, DType dtype);
// Element by element the first of `choicelist` whose condition holds, else `default_value`.
Tensor select(const std::vector<Tensor>& condlist, const std::vector<Tensor>& choicelist,
              const Tensor& default_value = 0);

}  // namespace hornbeam::ops
