#include "frontend/src/ops/apply.h"

#include <algorithm>

#include "frontend/src/eager.h"
#include "frontend/src/graph.h"

namespace hornbeam::ops {

std::vector<Tensor> apply_many(const char* keras_name, const std::vector<Tensor>& inputs, const Config& arguments,
                               const Body& body) {
  for (size_t i = 0; i < inputs.size(); ++i)
    if (!inputs[i].valid())
      throw ValueError(std::string("[") + keras_name + "] Argument " + std::to_string(i + 1) + " is no tensor.");
  if (trace::Trace* trace = trace::Trace::current()) {
    for (const Tensor& input : inputs)
      if (input.is_symbolic()) trace->lift(input);  // throws, and says what to do instead
    return body(inputs);
  }
  if (std::any_of(inputs.begin(), inputs.end(), [](const Tensor& x) { return x.is_symbolic(); }))
    return graph::record_op(keras_name, inputs, arguments, body);
  return run_eagerly(inputs, body);
}

int64_t canonical_axis(int64_t axis, int64_t rank, const char* op) {
  int64_t canonical = axis < 0 ? axis + rank : axis;
  if (canonical < 0 || canonical >= rank)
    throw ValueError(std::string("[") + op + "] axis " + std::to_string(axis) +
                     " is out of bounds for a tensor of rank " + std::to_string(rank));
  return canonical;
}

std::vector<int64_t> canonical_axes(const std::vector<int64_t>& axes, int64_t rank, const char* op) {
  std::vector<int64_t> out;
  for (int64_t axis : axes) out.push_back(canonical_axis(axis, rank, op));
  std::sort(out.begin(), out.end());
  if (std::adjacent_find(out.begin(), out.end()) != out.end())
    throw ValueError(std::string("[") + op + "] an axis is given twice.");
  return out;
}

Shape broadcast_shape(const Shape& a, const Shape& b) {
  const Shape& longer = a.rank() >= b.rank() ? a : b;
  const Shape& shorter = a.rank() >= b.rank() ? b : a;
  Shape out = longer;
  for (int64_t i = 1; i <= shorter.rank(); ++i) {
    int64_t x = longer[-i], y = shorter[-i];
    if (x != y && x != 1 && y != 1)
      throw ValueError("Operands could not be broadcast together with shapes " + a.to_string() + " and " +
                       b.to_string());
    out[-i] = x == 1 ? y : x;
  }
  return out;
}

Tensor to_dtype(const Tensor& x, DType dtype) {
  const TensorImpl& impl = *x.impl();
  if (impl.kind == TensorImpl::Kind::concrete)
    return impl.dtype == dtype && !impl.weak ? x : Tensor(impl.array.cast(dtype));
  return impl.dtype == dtype ? x : trace::emit("cast", {x}, {{"dtype", dtype}});
}

Tensor to_float(const Tensor& x) { return is_float(x.dtype()) ? x : to_dtype(x, config::floatx()); }

Tensor to_shape(const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  if (broadcast_shape(x.shape(), shape) != shape)
    throw ValueError("A tensor of shape " + x.shape().to_string() + " cannot be broadcast to shape " +
                     shape.to_string());
  std::vector<int64_t> axes;
  for (int64_t i = shape.rank() - x.rank(); i < shape.rank(); ++i) axes.push_back(i);
  return trace::emit("broadcast", {x}, {{"shape", shape.dims()}, {"axes", axes}});
}

}  // namespace hornbeam::ops
