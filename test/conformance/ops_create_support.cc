// The table's entries that make tensors.
#include <hornbeam/ops/create.h>

#include "test/conformance/ops_arguments_support.h"

namespace hornbeam::conformance {

using nlohmann::json;

namespace {

// A positional argument that is a number or a tensor.
Tensor number_or_tensor(A a, T t, size_t i) { return a.positional(i, t).single(); }

NamedFunction window(Tensor (*f)(int64_t)) {
  return [f](A a, T) -> Tensors { return f(a.plain(0).get<int64_t>()); };
}

template <class F>
NamedFunction matrix(F f) {
  return [f](A a, T) -> Tensors {
    return f(a.plain(0).get<int64_t>(), maybe_integer(a, "M", 1), integer(a, "k", 2, 0), dtype(a, 3, DType::float32));
  };
}

}  // namespace

void add_create(FunctionTable& table) {
  auto add = [&](const char* name, NamedFunction function) {
    table["keras.ops." + std::string(name)] = std::move(function);
  };
  for (const char* name : {"array", "convert_to_tensor"})
    add(name, [](A a, T t) -> Tensors { return ops::array(x(a, t), dtype(a, 1, DType::invalid)); });
  add("arange", [](A a, T) -> Tensors {
    size_t n = a.num_positional();
    bool whole = true;
    for (size_t i = 0; i < n; ++i) whole &= a.plain(i).is_number_integer();
    double start = n == 1 ? 0 : a.plain(0).get<double>(), stop = a.plain(n == 1 ? 0 : 1).get<double>();
    double step = n > 2 ? a.plain(2).get<double>() : 1;
    return ops::arange(start, stop, step, dtype(a, 99, whole ? DType::int32 : DType::float32));
  });
  add("linspace", [](A a, T t) -> Tensors {
    return ops::linspace(number_or_tensor(a, t, 0), number_or_tensor(a, t, 1), integer(a, "num", 2, 50),
                         flag(a, "endpoint", true), DType::invalid, integer(a, "axis", 99, 0));
  });
  add("logspace", [](A a, T t) -> Tensors {
    return ops::logspace(number_or_tensor(a, t, 0), number_or_tensor(a, t, 1), integer(a, "num", 2, 50),
                         flag(a, "endpoint", true), number(a, "base", 99, 10.0));
  });
  add("geomspace", [](A a, T t) -> Tensors {
    return ops::geomspace(number_or_tensor(a, t, 0), number_or_tensor(a, t, 1), integer(a, "num", 2, 50),
                          flag(a, "endpoint", true));
  });
  add("size", unary(ops::size));
  add("eye", matrix(ops::eye));
  add("tri", matrix(ops::tri));
  add("identity", [](A a, T) -> Tensors { return ops::identity(a.plain(0).get<int64_t>()); });
  add("vander",
      [](A a, T t) -> Tensors { return ops::vander(x(a, t), maybe_integer(a, "N", 1), flag(a, "increasing", false)); });
  add("meshgrid", [](A a, T t) -> Tensors {
    std::vector<Tensor> all;
    for (size_t i = 0; i < a.num_positional(); ++i) all.push_back(x(a, t, i));
    return ops::meshgrid(all, text(a, "indexing", "xy"));
  });
  add("bartlett", window(ops::bartlett));
  add("blackman", window(ops::blackman));
  add("hamming", window(ops::hamming));
  add("hanning", window(ops::hanning));
  add("kaiser", [](A a, T) -> Tensors { return ops::kaiser(a.plain(0).get<int64_t>(), a.plain(1).get<double>()); });
}

}  // namespace hornbeam::conformance
