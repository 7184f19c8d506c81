// Complex numbers, as pairs of real tensors; names and arguments as keras.ops. There is no complex dtype: where Keras
// takes or gives a complex tensor, Hornbeam takes or gives a Complex.
#pragma once

#include <hornbeam/tensor.h>

namespace hornbeam::ops {

struct Complex {
  Tensor real, imag;
};

Tensor real(const Tensor& x);  // x
Tensor real(const Complex& x);
Tensor imag(const Tensor& x);  // zeros
Tensor imag(const Complex& x);
Tensor angle(const Tensor& x);  // 0, or pi where x is negative
Tensor angle(const Complex& x);
Tensor conj(const Tensor& x);  // x
Complex conj(const Complex& x);
Tensor conjugate(const Tensor& x);
Complex conjugate(const Complex& x);
Tensor abs(const Complex& x);
Tensor isreal(const Tensor& x);  // true
Tensor isreal(const Complex& x);
Complex polar(const Tensor& abs_, const Tensor& angle);
Complex view_as_complex(const Tensor& x);  // [..., 2]: real and imaginary parts
Tensor view_as_real(const Complex& x);

Complex operator*(const Complex& x1, const Complex& x2);
Complex operator+(const Complex& x1, const Complex& x2);
Complex operator-(const Complex& x1, const Complex& x2);

}  // namespace hornbeam::ops
