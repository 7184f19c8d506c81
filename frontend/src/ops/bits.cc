// Bits.
#include <hornbeam/ops/bits.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/shape.h>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {
namespace {

Tensor bitwise(const char* op, const char* keras_name, const Tensor& x, const Tensor& y) {
  return composed_binary(keras_name, x, y, [=](const Tensor& x, const Tensor& y) {
    DType dtype = result_type({x, y});
    std::string name = op;
    if (dtype == DType::boolean && name.starts_with("bitwise"))
      name = "logical" + name.substr(7);
    else if (!is_integer(dtype))
      throw TypeError(std::string("[") + keras_name + "] Integers or booleans were expected. Received: dtypes " +
                      std::string(name_of(x.dtype())) + " and " + std::string(name_of(y.dtype())));
    Shape shape = broadcast_shape(x.shape(), y.shape());
    return trace::emit(name.c_str(), {to_shape(to_dtype(x, dtype), shape), to_shape(to_dtype(y, dtype), shape)});
  });
}

}  // namespace

Tensor bitwise_and(const Tensor& x, const Tensor& y) { return bitwise("bitwise_and", "BitwiseAnd", x, y); }
Tensor bitwise_or(const Tensor& x, const Tensor& y) { return bitwise("bitwise_or", "BitwiseOr", x, y); }
Tensor bitwise_xor(const Tensor& x, const Tensor& y) { return bitwise("bitwise_xor", "BitwiseXor", x, y); }
Tensor bitwise_left_shift(const Tensor& x, const Tensor& y) { return bitwise("shift_left", "BitwiseLeftShift", x, y); }
Tensor bitwise_right_shift(const Tensor& x, const Tensor& y) {
  return bitwise("shift_right", "BitwiseRightShift", x, y);
}
Tensor left_shift(const Tensor& x, const Tensor& y) { return bitwise_left_shift(x, y); }
Tensor right_shift(const Tensor& x, const Tensor& y) { return bitwise_right_shift(x, y); }
Tensor bitwise_invert(const Tensor& x) {
  return composed_unary("BitwiseInvert", x, [](const Tensor& x) {
    if (x.dtype() == DType::boolean) return logical_not(x);
    Array ones(x.dtype(), {});
    ones.set_int(0, -1);
    return bitwise_xor(x, Tensor(ones));
  });
}
Tensor bitwise_not(const Tensor& x) { return bitwise_invert(x); }

Tensor view(const Tensor& x, DType dtype) {
  return composed_unary(
      "View", x,
      [dtype](const Tensor& x) {
        if (x.dtype() == dtype) return trace::Trace::current()->lift(x);
        if (size_of(x.dtype()) != size_of(dtype))
          throw NotImplementedError(
              "[view] Only dtypes of equal width are there yet. Received: dtype=" + std::string(name_of(dtype)) +
              " for a tensor of dtype " + std::string(name_of(x.dtype())));
        return trace::emit("bitcast", {x}, {{"dtype", dtype}});
      },
      Config::object({{"dtype", dtype}}));
}

Tensor nextafter(const Tensor& x1, const Tensor& x2) {
  return composed_binary("Nextafter", x1, x2, [](const Tensor& x1, const Tensor& x2) {
    DType dtype = result_type({x1, x2});
    if (dtype != DType::float64) dtype = DType::float32;
    DType bits = dtype == DType::float64 ? DType::int64 : DType::int32;
    Tensor from = to_dtype(x1, dtype), to = to_dtype(x2, dtype);
    // Floats of one sign are in the order of their bits: one more is one away from zero.
    Tensor number = trace::emit("bitcast", {from}, {{"dtype", bits}});
    Tensor away = equal(greater(to, from), greater(from, 0));
    Tensor next = trace::emit("bitcast", {add(number, where(away, 1, -1))}, {{"dtype", from.dtype()}});
    Array least(bits, {});
    least.set_int(0, 1);
    Tensor tiny = trace::emit("bitcast", {Tensor(least)}, {{"dtype", dtype}});
    next = where(equal(from, 0), where(less(to, 0), negative(tiny), tiny), next);
    Tensor result = where(equal(from, to), to, next);
    return where(logical_or(isnan(from), isnan(to)), add(from, to), result);
  });
}

}  // namespace hornbeam::ops
