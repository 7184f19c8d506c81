// Short forms for ops that are written in other ops: one node of a layer graph, several ops in a trace.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "frontend/src/ops/apply.h"

namespace hornbeam::ops {

// One tensor in, one out; `body` runs in an open trace.
template <class F>
Tensor composed_unary(const char* keras_name, const Tensor& x, F body, const Config& arguments = Config::object()) {
  return apply(keras_name, {x}, arguments, [body](const std::vector<Tensor>& x) { return body(x[0]); });
}
template <class F>
Tensor composed_binary(const char* keras_name, const Tensor& x1, const Tensor& x2, F body,
                       const Config& arguments = Config::object()) {
  return apply(keras_name, {x1, x2}, arguments, [body](const std::vector<Tensor>& x) { return body(x[0], x[1]); });
}

// 0, 1, 2, … along an axis of a shape; in an open trace.
inline Tensor iota(const Shape& shape, int64_t axis, DType dtype = DType::int32) {
  return trace::emit("iota", {}, {{"shape", shape.dims()}, {"axis", axis}, {"dtype", dtype}});
}

// A vector of int32, as a constant.
inline Tensor indices(const std::vector<int64_t>& values) {
  Array array(DType::int32, {static_cast<int64_t>(values.size())});
  for (size_t i = 0; i < values.size(); ++i) array.set_int(static_cast<int64_t>(i), values[i]);
  return Tensor(std::move(array));
}

// Elements [start, stop) along one axis, 0 <= start <= stop <= size; in an open trace.
inline Tensor part(const Tensor& x, int64_t axis, int64_t start, int64_t stop, int64_t step = 1) {
  if (start == 0 && stop == x.shape()[axis] && step == 1) return x;
  std::vector<int64_t> starts(x.rank(), 0), limits = x.shape().dims(), steps(x.rank(), 1);
  starts[axis] = start;
  limits[axis] = stop;
  steps[axis] = step;
  return trace::emit("slice", {x}, {{"start", starts}, {"limit", limits}, {"strides", steps}});
}

}  // namespace hornbeam::ops
