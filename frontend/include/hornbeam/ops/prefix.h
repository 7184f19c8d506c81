// Sums and products of all elements up to each; names and arguments as keras.ops.
#pragma once

#include <optional>

#include <hornbeam/tensor.h>

namespace hornbeam::ops {

// Of the flat tensor without an axis. Booleans count as int32.
Tensor cumsum(const Tensor& x, std::optional<int64_t> axis = {}, DType dtype = DType::invalid);
Tensor cumprod(const Tensor& x, std::optional<int64_t> axis = {}, DType dtype = DType::invalid);
// NaN counts as 0 (1).
Tensor nancumsum(const Tensor& x, std::optional<int64_t> axis = {}, DType dtype = DType::invalid);
Tensor nancumprod(const Tensor& x, std::optional<int64_t> axis = {}, DType dtype = DType::invalid);

}  // namespace hornbeam::ops
