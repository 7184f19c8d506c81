// Complex numbers as pairs of real tensors.
#include <hornbeam/ops/complex.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/math.h>
#include <hornbeam/ops/shape.h>

#include <cmath>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {

Tensor real(const Tensor& x) {
  return composed_unary("Real", x, [](const Tensor& x) { return trace::Trace::current()->lift(x); });
}
Tensor real(const Complex& x) { return x.real; }

Tensor imag(const Tensor& x) {
  return composed_unary("Imag", x, [](const Tensor& x) { return zeros_like(to_float(x)); });
}
Tensor imag(const Complex& x) { return x.imag; }

Tensor angle(const Tensor& x) {
  return composed_unary("Angle", x, [](const Tensor& x) {
    Tensor in = to_float(x);
    return where(isnan(in), in, where(signbit(in), M_PI, zeros_like(in)));
  });
}
Tensor angle(const Complex& x) { return arctan2(x.imag, x.real); }

Tensor conj(const Tensor& x) {
  return composed_unary("Conjugate", x, [](const Tensor& x) { return trace::Trace::current()->lift(x); });
}
Complex conj(const Complex& x) { return {x.real, negative(x.imag)}; }
Tensor conjugate(const Tensor& x) { return conj(x); }
Complex conjugate(const Complex& x) { return conj(x); }

Tensor abs(const Complex& x) { return hypot(x.real, x.imag); }

Tensor isreal(const Tensor& x) {
  return composed_unary("Isreal", x, [](const Tensor& x) { return ones_like(x, DType::boolean); });
}
Tensor isreal(const Complex& x) { return equal(x.imag, 0); }

Complex polar(const Tensor& abs_, const Tensor& angle) {
  return {multiply(abs_, cos(angle)), multiply(abs_, sin(angle))};
}

Complex view_as_complex(const Tensor& x) {
  if (x.rank() == 0 || x.shape()[-1] != 2)
    throw ValueError("[view_as_complex] The last axis must have size 2 (real, imaginary). Received: x.shape=" +
                     x.shape().to_string());
  return {squeeze(slice_axis(x, -1, 0, 1), -1), squeeze(slice_axis(x, -1, 1, 2), -1)};
}
Tensor view_as_real(const Complex& x) { return stack({x.real, x.imag}, -1); }

Complex operator*(const Complex& x1, const Complex& x2) {
  return {subtract(multiply(x1.real, x2.real), multiply(x1.imag, x2.imag)),
          add(multiply(x1.real, x2.imag), multiply(x1.imag, x2.real))};
}
Complex operator+(const Complex& x1, const Complex& x2) { return {add(x1.real, x2.real), add(x1.imag, x2.imag)}; }
Complex operator-(const Complex& x1, const Complex& x2) {
  return {subtract(x1.real, x2.real), subtract(x1.imag, x2.imag)};
}

}  // namespace hornbeam::ops
