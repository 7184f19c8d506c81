// Sums, products and other associative combinations of all elements up to each; names and arguments as keras.ops.
#pragma once

#include <functional>
#include <optional>

#include <hornbeam/tensor.h>

namespace hornbeam::ops {

// Of the flat tensor without an axis. Booleans count as int32.
Tensor cumsum(const Tensor& x, std::optional<int64_t> axis = {}, DType dtype = DType::invalid);
Tensor cumprod(const Tensor& x, std::optional<int64_t> axis = {}, DType dtype = DType::invalid);
// NaN counts as 0 (1).
Tensor nancumsum(const Tensor& x, std::optional<int64_t> axis = {}, DType dtype = DType::invalid);
Tensor nancumprod(const Tensor& x, std::optional<int64_t> axis = {}, DType dtype = DType::invalid);

// All prefixes x0, f(x0, x1), f(f(x0, x1), x2), … of an associative f along an axis, in log2(n) applications of f to many
// slices at a time. With `reverse` from the end.
Tensors associative_scan(const std::function<Tensors(const Tensors&, const Tensors&)>& f, const Tensors& elems,
                         bool reverse = false, int64_t axis = 0);

}  // namespace hornbeam::ops
