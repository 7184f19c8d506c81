// Norms.
#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/linalg.h>
#include <hornbeam/ops/reduce.h>
#include <hornbeam/ops/shape.h>

#include <cmath>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {
namespace {

using List = std::vector<int64_t>;

Tensor root_of_squares(const Tensor& x, const Axes& axis) { return sqrt(sum(multiply(x, x), axis, true)); }

// All with the reduced axes kept.
Tensor vector_norm(const Tensor& x, double ord, const Axes& axis) {
  if (ord == 2) return root_of_squares(x, axis);
  Tensor size = abs(x);
  if (std::isinf(ord)) return ord > 0 ? max(size, axis, true) : min(size, axis, true);
  if (ord == 0) return sum(cast(not_equal(x, 0), x.dtype()), axis, true);
  if (ord == 1) return sum(size, axis, true);
  return power(sum(power(size, ord), axis, true), 1 / ord);
}

Tensor singular_values(const Tensor& x, int64_t rows, int64_t columns) {
  return svd(moveaxis(x, List{rows, columns}, List{-2, -1}), false, false).s;
}

Tensor matrix_norm(const Tensor& x, const NormOptions& options, int64_t rows, int64_t columns) {
  if (options.of_matrix == "fro" || (options.of_matrix.empty() && !options.ord))
    return root_of_squares(x, List{rows, columns});
  auto kept = [&](const Tensor& reduced) {
    Shape shape = x.shape();
    shape[rows] = shape[columns] = 1;
    return reshape(reduced, shape);
  };
  if (options.of_matrix == "nuc") return kept(sum(singular_values(x, rows, columns), -1));
  double ord = options.ord.value_or(0);
  Tensor size = abs(x);
  if (std::abs(ord) == 1 || std::isinf(ord)) {
    bool of_columns = std::abs(ord) == 1;
    Tensor sums = sum(size, of_columns ? rows : columns, true);
    int64_t over = of_columns ? columns : rows;
    return ord > 0 ? max(sums, over, true) : min(sums, over, true);
  }
  if (ord == 2) return kept(max(singular_values(x, rows, columns), -1));
  if (ord == -2) return kept(min(singular_values(x, rows, columns), -1));
  throw ValueError(
      "[norm] A matrix's norm has ord 1, -1, 2, -2, infinity or -infinity, or is \"fro\" or \"nuc\". Received: " +
      (options.of_matrix.empty() ? "ord=" + std::to_string(ord) : options.of_matrix));
}

}  // namespace

Tensor norm(const Tensor& x, const NormOptions& options) {
  Config arguments =
      Config::object({{"ord", options.of_matrix.empty() ? Config(options.ord) : Config(options.of_matrix)},
                      {"axis", options.axis.all() ? Config() : Config(options.axis.given())},
                      {"keepdims", options.keepdims}});
  return composed_unary(
      "Norm", x,
      [options](const Tensor& x) {
        Tensor in = to_float(x);
        bool no_order = !options.ord && options.of_matrix.empty();
        List axes = canonical_axes(options.axis.given(), in.rank(), "norm");
        if (options.axis.all())
          for (int64_t i = 0; i < in.rank(); ++i) axes.push_back(i);
        Tensor result;
        if (options.axis.all() && no_order) {
          result = root_of_squares(in, axes);
        } else if (axes.size() == 1 && options.of_matrix.empty()) {
          result = vector_norm(in, options.ord.value_or(2), axes);
        } else if (axes.size() == 2) {
          // In the order in which they were given: rows, then columns.
          bool given = !options.axis.all();
          int64_t rows = given ? canonical_axis(options.axis.given()[0], in.rank(), "norm") : 0;
          int64_t columns = given ? canonical_axis(options.axis.given()[1], in.rank(), "norm") : 1;
          result = matrix_norm(in, options, rows, columns);
        } else {
          throw ValueError(
              "[norm] With ord the norm is that of vectors (one axis) or matrices (two). Received: x.shape=" +
              x.shape().to_string() + ", " + std::to_string(axes.size()) + " axes");
        }
        return options.keepdims ? result : squeeze(result, axes);
      },
      arguments);
}

}  // namespace hornbeam::ops
