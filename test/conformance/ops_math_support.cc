// The table's entries of elementwise mathematics, complex numbers and products.
#include <hornbeam/ops/bits.h>
#include <hornbeam/ops/complex.h>
#include <hornbeam/ops/einsum.h>
#include <hornbeam/ops/math.h>
#include <hornbeam/ops/products.h>

#include "test/conformance/ops_arguments_support.h"

namespace hornbeam::conformance {

using nlohmann::json;

namespace {

// A function of real tensors and of complex ones; the result may be complex.
template <class Real, class OfComplex>
NamedFunction real_or_complex(Real real, OfComplex of_complex) {
  return [=](A a, T t) -> Tensors { return is_complex(a) ? Tensor(of_complex(complex(a, t))) : real(x(a, t)); };
}

std::vector<Tensor> from(A a, T t, size_t first) {
  std::vector<Tensor> all;
  for (size_t i = first; i < a.num_positional(); ++i) all.push_back(x(a, t, i));
  return all;
}

}  // namespace

void add_math(FunctionTable& table) {
  auto add = [&](const char* name, NamedFunction function) {
    table["keras.ops." + std::string(name)] = std::move(function);
  };
#define HORNBEAM_UNARY(name) add(#name, unary(ops::name));
#define HORNBEAM_BINARY(name) add(#name, binary(ops::name));
  HORNBEAM_UNARY(absolute)
  HORNBEAM_UNARY(arccos)
  HORNBEAM_UNARY(arccosh)
  HORNBEAM_UNARY(arcsin)
  HORNBEAM_UNARY(arcsinh)
  HORNBEAM_UNARY(arctan)
  HORNBEAM_UNARY(arctanh)
  HORNBEAM_UNARY(cbrt)
  HORNBEAM_UNARY(copy)
  HORNBEAM_UNARY(deg2rad)
  HORNBEAM_UNARY(erfc)
  HORNBEAM_UNARY(erfinv)
  HORNBEAM_UNARY(exp2)
  HORNBEAM_UNARY(fabs)
  HORNBEAM_UNARY(i0)
  HORNBEAM_UNARY(isneginf)
  HORNBEAM_UNARY(isposinf)
  HORNBEAM_UNARY(rad2deg)
  HORNBEAM_UNARY(signbit)
  HORNBEAM_UNARY(sinc)
  HORNBEAM_UNARY(trunc)
  HORNBEAM_UNARY(bitwise_invert)
  HORNBEAM_UNARY(bitwise_not)
  HORNBEAM_BINARY(arctan2)
  HORNBEAM_BINARY(fmax)
  HORNBEAM_BINARY(fmin)
  HORNBEAM_BINARY(fmod)
  HORNBEAM_BINARY(gcd)
  HORNBEAM_BINARY(heaviside)
  HORNBEAM_BINARY(hypot)
  HORNBEAM_BINARY(lcm)
  HORNBEAM_BINARY(ldexp)
  HORNBEAM_BINARY(logaddexp)
  HORNBEAM_BINARY(logaddexp2)
  HORNBEAM_BINARY(nextafter)
  HORNBEAM_BINARY(true_divide)
  HORNBEAM_BINARY(bitwise_and)
  HORNBEAM_BINARY(bitwise_left_shift)
  HORNBEAM_BINARY(bitwise_or)
  HORNBEAM_BINARY(bitwise_right_shift)
  HORNBEAM_BINARY(bitwise_xor)
  HORNBEAM_BINARY(left_shift)
  HORNBEAM_BINARY(right_shift)
  HORNBEAM_BINARY(cdist)
  HORNBEAM_BINARY(inner)
  HORNBEAM_BINARY(kron)
  HORNBEAM_BINARY(outer)
  HORNBEAM_BINARY(vdot)
#undef HORNBEAM_UNARY
#undef HORNBEAM_BINARY
  add("view", [](A a, T t) -> Tensors { return ops::view(x(a, t), dtype(a, 1, DType::invalid)); });
  add("round", [](A a, T t) -> Tensors { return ops::round(x(a, t), integer(a, "decimals", 1, 0)); });
  add("isclose", [](A a, T t) -> Tensors {
    return ops::isclose(x(a, t), x(a, t, 1), number(a, "rtol", 99, 1e-5), number(a, "atol", 99, 1e-8),
                        flag(a, "equal_nan", false));
  });
  add("allclose", [](A a, T t) -> Tensors {
    return ops::allclose(x(a, t), x(a, t, 1), number(a, "rtol", 99, 1e-5), number(a, "atol", 99, 1e-8),
                         flag(a, "equal_nan", false));
  });
  add("nan_to_num", [](A a, T t) -> Tensors {
    return ops::nan_to_num(x(a, t), number(a, "nan", 99, 0), maybe_number(a, "posinf"), maybe_number(a, "neginf"));
  });
  add("saturate_cast", [](A a, T t) -> Tensors { return ops::saturate_cast(x(a, t), dtype(a, 1, DType::invalid)); });
  add("select", [](A a, T t) -> Tensors {
    return ops::select(a.positional(0, t).flat(), a.positional(1, t).flat(), number(a, "default", 2, 0));
  });

  auto real_part = [](const ops::Complex& z) { return ops::real(z); };
  auto imaginary_part = [](const ops::Complex& z) { return ops::imag(z); };
  add("real", real_or_complex([](const Tensor& x) { return ops::real(x); }, real_part));
  add("imag", real_or_complex([](const Tensor& x) { return ops::imag(x); }, imaginary_part));
  for (const char* name : {"conj", "conjugate"})
    add(name, real_or_complex([](const Tensor& x) { return ops::conj(x); },
                              [](const ops::Complex& z) { return stored(ops::conj(z)); }));
  add("abs",
      real_or_complex([](const Tensor& x) { return ops::abs(x); }, [](const ops::Complex& z) { return ops::abs(z); }));
  add("angle", real_or_complex([](const Tensor& x) { return ops::angle(x); },
                               [](const ops::Complex& z) { return ops::angle(z); }));
  add("isreal", real_or_complex([](const Tensor& x) { return ops::isreal(x); },
                                [](const ops::Complex& z) { return ops::isreal(z); }));
  add("polar", [](A a, T t) -> Tensors { return stored(ops::polar(x(a, t), x(a, t, 1))); });
  add("view_as_complex", [](A a, T t) -> Tensors { return stored(ops::view_as_complex(x(a, t))); });
  add("view_as_real", [](A a, T t) -> Tensors { return ops::view_as_real(complex(a, t)); });

  add("einsum", [](A a, T t) -> Tensors { return ops::einsum(a.plain(0).get<std::string>(), from(a, t, 1)); });
  add("cross", [](A a, T t) -> Tensors { return ops::cross(x(a, t), x(a, t, 1)); });
  add("correlate", [](A a, T t) -> Tensors { return ops::correlate(x(a, t), x(a, t, 1), text(a, "mode", "valid")); });
  add("corrcoef", unary(ops::corrcoef));
}

}  // namespace hornbeam::conformance
