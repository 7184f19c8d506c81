// Ops on the bits of numbers; names and arguments as keras.ops.
#pragma once

#include <hornbeam/tensor.h>

namespace hornbeam::ops {

// Of integers; of booleans: the logical ops.
Tensor bitwise_and(const Tensor& x, const Tensor& y);
Tensor bitwise_or(const Tensor& x, const Tensor& y);
Tensor bitwise_xor(const Tensor& x, const Tensor& y);
Tensor bitwise_invert(const Tensor& x);
Tensor bitwise_not(const Tensor& x);
// Shifts by a negative number, or by the width or more, leave 0, or the sign alone (to the right).
Tensor bitwise_left_shift(const Tensor& x, const Tensor& y);
Tensor bitwise_right_shift(const Tensor& x, const Tensor& y);
Tensor left_shift(const Tensor& x, const Tensor& y);
Tensor right_shift(const Tensor& x, const Tensor& y);

// The same bits as another dtype. Of equal widths: integers, float32 and float64.
Tensor view(const Tensor& x, DType dtype);
// The next number after x1 in the direction of x2.
Tensor nextafter(const Tensor& x1, const Tensor& x2);

}  // namespace hornbeam::ops
