// Elementwise ops, with NumPy's broadcasting and Keras' dtype promotion; names and arguments as keras.ops.
#pragma once

#include <hornbeam/tensor.h>

namespace hornbeam::ops {

Tensor add(const Tensor& x1, const Tensor& x2);
Tensor subtract(const Tensor& x1, const Tensor& x2);
Tensor multiply(const Tensor& x1, const Tensor& x2);
Tensor divide(const Tensor& x1, const Tensor& x2);         // integers give float32
Tensor divide_no_nan(const Tensor& x1, const Tensor& x2);  // 0 where x2 is 0
Tensor floor_divide(const Tensor& x1, const Tensor& x2);
Tensor mod(const Tensor& x1, const Tensor& x2);            // the divisor's sign
Tensor power(const Tensor& x1, const Tensor& x2);
Tensor maximum(const Tensor& x1, const Tensor& x2);
Tensor minimum(const Tensor& x1, const Tensor& x2);

Tensor equal(const Tensor& x1, const Tensor& x2);
Tensor not_equal(const Tensor& x1, const Tensor& x2);
Tensor less(const Tensor& x1, const Tensor& x2);
Tensor less_equal(const Tensor& x1, const Tensor& x2);
Tensor greater(const Tensor& x1, const Tensor& x2);
Tensor greater_equal(const Tensor& x1, const Tensor& x2);
Tensor logical_and(const Tensor& x1, const Tensor& x2);
Tensor logical_or(const Tensor& x1, const Tensor& x2);
Tensor logical_xor(const Tensor& x1, const Tensor& x2);
Tensor logical_not(const Tensor& x);
Tensor isnan(const Tensor& x);
Tensor isfinite(const Tensor& x);
Tensor isinf(const Tensor& x);

Tensor negative(const Tensor& x);
Tensor abs(const Tensor& x);
Tensor sign(const Tensor& x);
Tensor square(const Tensor& x);
// Of integers: in float32.
Tensor exp(const Tensor& x);
Tensor expm1(const Tensor& x);
Tensor log(const Tensor& x);
Tensor log1p(const Tensor& x);
Tensor log2(const Tensor& x);
Tensor log10(const Tensor& x);
Tensor sqrt(const Tensor& x);
Tensor rsqrt(const Tensor& x);
Tensor reciprocal(const Tensor& x);
Tensor sin(const Tensor& x);
Tensor cos(const Tensor& x);
Tensor tan(const Tensor& x);
Tensor tanh(const Tensor& x);
Tensor sinh(const Tensor& x);
Tensor cosh(const Tensor& x);
Tensor erf(const Tensor& x);
Tensor floor(const Tensor& x);
Tensor ceil(const Tensor& x);
Tensor round(const Tensor& x);  // half to even
Tensor sigmoid(const Tensor& x);
Tensor relu(const Tensor& x);
Tensor clip(const Tensor& x, const Tensor& x_min, const Tensor& x_max);
Tensor where(const Tensor& condition, const Tensor& x1, const Tensor& x2);

Tensor cast(const Tensor& x, DType dtype);
Tensor stop_gradient(const Tensor& x);

}  // namespace hornbeam::ops
