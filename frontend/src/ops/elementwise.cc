// Elementwise ops: promotion and broadcasting here, the arithmetic in horn.
#include <hornbeam/ops/elementwise.h>

#include <cmath>

#include "frontend/src/ops/apply.h"
#include "frontend/src/trace/notes.h"

namespace hornbeam::ops {
namespace {

// What dtype the operands are brought to.
enum class Mode { same, floating, boolean };

Tensor mark_weak(const Tensor& x) {
  return trace::with_notes(trace::Trace::current()->lift(x), [](TensorImpl& impl) { impl.weak = true; });
}

Tensor binary_body(const char* op, Mode mode, const Tensor& x1, const Tensor& x2) {
  bool weak = x1.impl()->weak && x2.impl()->weak;
  DType dtype = result_type({x1, x2});
  if (mode == Mode::floating && !is_float(dtype)) dtype = config::floatx();
  if (mode == Mode::boolean) dtype = DType::boolean;
  Shape shape = broadcast_shape(x1.shape(), x2.shape());
  Tensor result = trace::emit(op, {to_shape(to_dtype(x1, dtype), shape), to_shape(to_dtype(x2, dtype), shape)});
  return weak && result.dtype() != DType::boolean ? mark_weak(result) : result;
}

Tensor binary(const char* op, const char* keras_name, Mode mode, const Tensor& x1, const Tensor& x2) {
  return apply(keras_name, {x1, x2}, Config::object(),
               [=](const std::vector<Tensor>& x) { return binary_body(op, mode, x[0], x[1]); });
}

Tensor unary(const char* op, const char* keras_name, Mode mode, const Tensor& x) {
  return apply(keras_name, {x}, Config::object(), [=](const std::vector<Tensor>& x) {
    Tensor in = mode == Mode::floating ? to_float(x[0]) : mode == Mode::boolean ? to_dtype(x[0], DType::boolean) : x[0];
    return trace::emit(op, {in});
  });
}

// NaN, infinity: of integers always the answer for a finite number.
Tensor float_test(const char* op, const char* keras_name, const Tensor& x) {
  return apply(keras_name, {x}, Config::object(),
               [=](const std::vector<Tensor>& x) { return trace::emit(op, {to_float(x[0])}); });
}

}  // namespace

#define HORNBEAM_BINARY(function, op, keras_name, mode) \
  Tensor function(const Tensor& x1, const Tensor& x2) { return binary(op, keras_name, Mode::mode, x1, x2); }
HORNBEAM_BINARY(add, "add", "Add", same)
HORNBEAM_BINARY(subtract, "subtract", "Subtract", same)
HORNBEAM_BINARY(multiply, "multiply", "Multiply", same)
HORNBEAM_BINARY(divide, "divide", "Divide", floating)
HORNBEAM_BINARY(floor_divide, "floor_divide", "FloorDivide", same)
HORNBEAM_BINARY(mod, "remainder", "Mod", same)
HORNBEAM_BINARY(power, "power", "Power", same)
HORNBEAM_BINARY(maximum, "maximum", "Maximum", same)
HORNBEAM_BINARY(minimum, "minimum", "Minimum", same)
HORNBEAM_BINARY(equal, "equal", "Equal", same)
HORNBEAM_BINARY(not_equal, "not_equal", "NotEqual", same)
HORNBEAM_BINARY(less, "less", "Less", same)
HORNBEAM_BINARY(less_equal, "less_equal", "LessEqual", same)
HORNBEAM_BINARY(greater, "greater", "Greater", same)
HORNBEAM_BINARY(greater_equal, "greater_equal", "GreaterEqual", same)
HORNBEAM_BINARY(logical_and, "logical_and", "LogicalAnd", boolean)
HORNBEAM_BINARY(logical_or, "logical_or", "LogicalOr", boolean)
HORNBEAM_BINARY(logical_xor, "logical_xor", "LogicalXor", boolean)
#undef HORNBEAM_BINARY

#define HORNBEAM_UNARY(function, op, keras_name, mode) \
  Tensor function(const Tensor& x) { return unary(op, keras_name, Mode::mode, x); }
HORNBEAM_UNARY(logical_not, "logical_not", "LogicalNot", boolean)
HORNBEAM_UNARY(negative, "negative", "Negative", same)
HORNBEAM_UNARY(abs, "abs", "Absolute", same)
HORNBEAM_UNARY(sign, "sign", "Sign", same)
HORNBEAM_UNARY(exp, "exp", "Exp", floating)
HORNBEAM_UNARY(expm1, "expm1", "Expm1", floating)
HORNBEAM_UNARY(log, "log", "Log", floating)
HORNBEAM_UNARY(log1p, "log1p", "Log1p", floating)
HORNBEAM_UNARY(sqrt, "sqrt", "Sqrt", floating)
HORNBEAM_UNARY(rsqrt, "rsqrt", "Rsqrt", floating)
HORNBEAM_UNARY(sin, "sin", "Sin", floating)
HORNBEAM_UNARY(cos, "cos", "Cos", floating)
HORNBEAM_UNARY(tan, "tan", "Tan", floating)
HORNBEAM_UNARY(tanh, "tanh", "Tanh", floating)
HORNBEAM_UNARY(erf, "erf", "Erf", floating)
HORNBEAM_UNARY(floor, "floor", "Floor", floating)
HORNBEAM_UNARY(ceil, "ceil", "Ceil", floating)
HORNBEAM_UNARY(relu, "relu", "Relu", same)
HORNBEAM_UNARY(stop_gradient, "stop_gradient", "StopGradient", same)
#undef HORNBEAM_UNARY

Tensor isnan(const Tensor& x) { return float_test("is_nan", "Isnan", x); }
Tensor isfinite(const Tensor& x) { return float_test("is_finite", "Isfinite", x); }
Tensor isinf(const Tensor& x) { return float_test("is_inf", "Isinf", x); }

Tensor round(const Tensor& x) {
  return apply("Round", {x}, Config::object(), [](const std::vector<Tensor>& x) {
    return is_float(x[0].dtype()) ? trace::emit("round", x) : trace::Trace::current()->lift(x[0]);
  });
}

Tensor sigmoid(const Tensor& x) {
  return apply("Sigmoid", {x}, Config::object(), [](const std::vector<Tensor>& x) {
    Tensor logits = to_float(trace::Trace::current()->lift(x[0]));
    return trace::with_notes(trace::emit("sigmoid", {logits}), [&](TensorImpl& impl) {
      impl.logits = logits.impl();
      impl.logits_of_sigmoid = true;
    });
  });
}

// Ops that are made of others: one node in a layer graph, several ops in a trace.
namespace {
template <class F>
Tensor composed(const char* keras_name, const Tensor& x, F body) {
  return apply(keras_name, {x}, Config::object(), [body](const std::vector<Tensor>& x) { return body(x[0]); });
}
}  // namespace

Tensor square(const Tensor& x) {
  return composed("Square", x, [](const Tensor& x) { return multiply(x, x); });
}
Tensor log2(const Tensor& x) {
  return composed("Log2", x, [](const Tensor& x) { return multiply(log(x), 1.0 / std::log(2.0)); });
}
Tensor log10(const Tensor& x) {
  return composed("Log10", x, [](const Tensor& x) { return multiply(log(x), 1.0 / std::log(10.0)); });
}
Tensor reciprocal(const Tensor& x) {
  return composed("Reciprocal", x, [](const Tensor& x) { return divide(1, x); });
}
Tensor sinh(const Tensor& x) {
  return composed("Sinh", x,
                  [](const Tensor& x) { return multiply(subtract(exp(x), exp(negative(to_float(x)))), 0.5); });
}
Tensor cosh(const Tensor& x) {
  return composed("Cosh", x, [](const Tensor& x) { return multiply(add(exp(x), exp(negative(to_float(x)))), 0.5); });
}

Tensor divide_no_nan(const Tensor& x1, const Tensor& x2) {
  return apply("DivideNoNan", {x1, x2}, Config::object(), [](const std::vector<Tensor>& x) {
    // The divisor is made safe before dividing, so that no NaN comes back through the gradient either.
    Tensor zero = equal(x[1], 0);
    return where(zero, 0, divide(x[0], where(zero, 1, x[1])));
  });
}

Tensor clip(const Tensor& x, const Tensor& x_min, const Tensor& x_max) {
  return apply("Clip", {x, x_min, x_max}, Config::object(),
               [](const std::vector<Tensor>& x) { return minimum(maximum(x[0], x[1]), x[2]); });
}

Tensor where(const Tensor& condition, const Tensor& x1, const Tensor& x2) {
  return apply("Where", {condition, x1, x2}, Config::object(), [](const std::vector<Tensor>& x) {
    DType dtype = result_type({x[1], x[2]});
    Shape shape = broadcast_shape(broadcast_shape(x[0].shape(), x[1].shape()), x[2].shape());
    bool weak = x[1].impl()->weak && x[2].impl()->weak;
    Tensor result =
        trace::emit("select", {to_shape(to_dtype(x[0], DType::boolean), shape), to_shape(to_dtype(x[1], dtype), shape),
                               to_shape(to_dtype(x[2], dtype), shape)});
    return weak ? mark_weak(result) : result;
  });
}

Tensor cast(const Tensor& x, DType dtype) {
  if (dtype == DType::string) throw TypeError("[cast] A number cannot be cast to string.");
  return apply("Cast", {x}, Config::object({{"dtype", dtype}}), [dtype](const std::vector<Tensor>& x) {
    if (x[0].dtype() != dtype || x[0].impl()->weak) {
      Tensor result = to_dtype(x[0], dtype);
      if (!result.impl()->weak) return result;
      return trace::with_notes(result, [](TensorImpl& impl) { impl.weak = false; });
    }
    return x[0];
  });
}

}  // namespace hornbeam::ops
