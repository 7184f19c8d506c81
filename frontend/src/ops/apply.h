// How every op is written: one function on traced tensors, which apply() runs in the open trace, records as a node of the
// layer graph (symbolic inputs), or compiles and runs (concrete ones).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <hornbeam/base/error.h>
#include <hornbeam/config.h>
#include <hornbeam/tensor.h>

#include "frontend/src/trace/trace.h"

namespace hornbeam::ops {

using Body = std::function<std::vector<Tensor>(const std::vector<Tensor>&)>;

// `keras_name` is the operation's class in Keras ("Add"); `arguments` what is not a tensor.
std::vector<Tensor> apply_many(const char* keras_name, const std::vector<Tensor>& inputs, const Config& arguments,
                               const Body& body);

template <class F>
Tensor apply(const char* keras_name, const std::vector<Tensor>& inputs, const Config& arguments, F body) {
  return apply_many(keras_name, inputs, arguments,
                    [body = std::move(body)](const std::vector<Tensor>& x) { return std::vector<Tensor>{body(x)}; })
      .at(0);
}

// Helpers for bodies; all work on traced and concrete tensors in an open trace.

// In [0, rank). Throws ValueError that names the op.
int64_t canonical_axis(int64_t axis, int64_t rank, const char* op);
std::vector<int64_t> canonical_axes(const std::vector<int64_t>& axes, int64_t rank, const char* op);
// NumPy's broadcast shape. Throws ValueError.
Shape broadcast_shape(const Shape& a, const Shape& b);
// Converts; a constant is converted on the host.
Tensor to_dtype(const Tensor& x, DType dtype);
// x's dtype if it is a float, else float32 in its stead.
Tensor to_float(const Tensor& x);
// Broadcasts, trailing axes aligned.
Tensor to_shape(const Tensor& x, const Shape& shape);

}  // namespace hornbeam::ops
