// The table's entries of linear algebra.
#include <hornbeam/ops/linalg.h>

#include "test/conformance/ops_arguments_support.h"

namespace hornbeam::conformance {

void add_linalg(FunctionTable& table) {
  auto add = [&](const char* name, NamedFunction function) {
    table["keras.ops." + std::string(name)] = std::move(function);
  };
  add("norm", [](A a, T t) -> Tensors {
    ops::NormOptions options{.axis = axes(a, "axis", 2), .keepdims = flag(a, "keepdims", false)};
    nlohmann::json ord = option(a, "ord", 1);
    if (ord.is_string())
      options.of_matrix = ord.get<std::string>();
    else if (!ord.is_null())
      options.ord = to_number(ord);
    return ops::norm(x(a, t), options);
  });
  add("cholesky", [](A a, T t) -> Tensors { return ops::cholesky(x(a, t), flag(a, "upper", false)); });
  add("cholesky_inverse", [](A a, T t) -> Tensors { return ops::cholesky_inverse(x(a, t), flag(a, "upper", false)); });
  add("solve", binary(ops::solve));
  add("solve_triangular",
      [](A a, T t) -> Tensors { return ops::solve_triangular(x(a, t), x(a, t, 1), flag(a, "lower", false)); });
  add("inv", unary(ops::inv));
  add("det", unary(ops::det));
  add("logdet", unary(ops::logdet));
  add("slogdet", [](A a, T t) -> Tensors {
    ops::SignAndLogDet d = ops::slogdet(x(a, t));
    return {d.sign, d.logdet};
  });
  add("lu_factor", [](A a, T t) -> Tensors {
    ops::LuFactor f = ops::lu_factor(x(a, t));
    return {f.lu, f.pivots};
  });
  add("qr", [](A a, T t) -> Tensors {
    ops::Qr f = ops::qr(x(a, t), text(a, "mode", "reduced"));
    return {f.q, f.r};
  });
  add("eigh", [](A a, T t) -> Tensors {
    ops::Eigh e = ops::eigh(x(a, t));
    return {e.values, e.vectors};
  });
  add("svd", [](A a, T t) -> Tensors {
    ops::Svd d = ops::svd(x(a, t), flag(a, "full_matrices", true), flag(a, "compute_uv", true));
    if (!flag(a, "compute_uv", true)) return d.s;
    return {d.u, d.s, d.v};
  });
  add("pinv", [](A a, T t) -> Tensors { return ops::pinv(x(a, t)); });
  add("lstsq", [](A a, T t) -> Tensors { return ops::lstsq(x(a, t), x(a, t, 1)); });
  add("matrix_rank", [](A a, T t) -> Tensors { return ops::matrix_rank(x(a, t)); });
}

}  // namespace hornbeam::conformance
