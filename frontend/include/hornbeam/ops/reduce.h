// Reductions; names and arguments as keras.ops.
#pragma once

#include <hornbeam/ops/axes.h>
#include <hornbeam/tensor.h>

namespace hornbeam::ops {

Tensor sum(const Tensor& x, Axes axis = {}, bool keepdims = false);   // small integers and booleans sum in 32 bits
Tensor mean(const Tensor& x, Axes axis = {}, bool keepdims = false);  // integers in float32
Tensor prod(const Tensor& x, Axes axis = {}, bool keepdims = false);
Tensor max(const Tensor& x, Axes axis = {}, bool keepdims = false);
Tensor min(const Tensor& x, Axes axis = {}, bool keepdims = false);
Tensor var(const Tensor& x, Axes axis = {}, bool keepdims = false);   // biased
Tensor std(const Tensor& x, Axes axis = {}, bool keepdims = false);
Tensor any(const Tensor& x, Axes axis = {}, bool keepdims = false);
Tensor all(const Tensor& x, Axes axis = {}, bool keepdims = false);
Tensor logsumexp(const Tensor& x, Axes axis = {}, bool keepdims = false);
Tensor norm(const Tensor& x, Axes axis = {}, bool keepdims = false);  // sqrt of the sum of squares
Tensor argmax(const Tensor& x, std::optional<int64_t> axis = {}, bool keepdims = false);  // int32, the first of ties
Tensor argmin(const Tensor& x, std::optional<int64_t> axis = {}, bool keepdims = false);

}  // namespace hornbeam::ops
