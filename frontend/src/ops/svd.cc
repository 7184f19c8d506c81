// Singular values by one-sided Jacobi: pairs of columns are rotated until all are orthogonal; their lengths then are
// the singular values. The columns of a step's pairs are disjoint, and between steps they change partners as the
// players of a tournament do, so that every two meet once in a sweep. Method: G. H. Golub, C. F. Van Loan, "Matrix
// Computations", 8.6.3.
#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/create.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/linalg.h>
#include <hornbeam/ops/loops.h>
#include <hornbeam/ops/reduce.h>
#include <hornbeam/ops/shape.h>
#include <hornbeam/ops/sort.h>

#include <tuple>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {
namespace {

using Xs = std::vector<Tensor>;
using List = std::vector<int64_t>;

// More steps than that run in a loop; fewer are written out.
constexpr int64_t kMostWritten = 24;

struct Columns {
  Tensor left, right;  // [..., rows, n / 2]: the partners stand at the same place
};
Columns halves(const Tensor& x) {
  int64_t n = x.shape()[-1], axis = x.rank() - 1;
  return {part(x, axis, 0, n / 2), part(x, axis, n / 2, n)};
}
Columns rotated(const Columns& c, const Tensor& cosine, const Tensor& sine) {
  return {subtract(multiply(c.left, cosine), multiply(c.right, sine)),
          add(multiply(c.left, sine), multiply(c.right, cosine))};
}
// The first of the left stays; all others move on by one place in a circle.
Columns next_partners(const Columns& c) {
  int64_t axis = c.left.rank() - 1, h = c.left.shape()[-1];
  if (h == 1) return c;
  return {concatenate({part(c.left, axis, 0, 1), part(c.right, axis, 0, 1), part(c.left, axis, 1, h - 1)}, -1),
          concatenate({part(c.right, axis, 1, h), part(c.left, axis, h - 1, h)}, -1)};
}

// x has at least as many rows as columns.
Svd of_tall(const Tensor& x) {
  int64_t axis = x.rank() - 1, n = x.shape()[axis];
  // An odd number of columns gets a column of zeros, which no rotation changes.
  int64_t even = n + n % 2;
  std::vector<std::pair<int64_t, int64_t>> widths(x.rank(), {0, 0});
  widths[axis] = {0, even - n};
  Tensor a = even == n ? x : pad(x, widths);
  Shape square(List(x.shape().begin(), x.shape().end() - 2));
  square.push_back(even), square.push_back(even);
  Columns columns = halves(a), vectors = halves(to_shape(eye(even, {}, 0, x.dtype()), square));

  auto turn = [axis](const Columns& columns, const Columns& vectors) {
    auto dot_columns = [axis](const Tensor& p, const Tensor& q) { return sum(multiply(p, q), axis - 1, true); };
    Tensor p2 = dot_columns(columns.left, columns.left), q2 = dot_columns(columns.right, columns.right);
    Tensor pq = dot_columns(columns.left, columns.right);
    // The smaller angle that makes p and q orthogonal: tan from the cotangent of its double.
    Tensor none = equal(pq, 0), cotangent = divide(subtract(q2, p2), multiply(where(none, 1, pq), 2));
    Tensor tangent = divide(where(less(cotangent, 0), -1, ones_like(cotangent)),
                            add(abs(cotangent), sqrt(add(multiply(cotangent, cotangent), 1))));
    tangent = where(none, 0, tangent);
    Tensor cosine = rsqrt(add(multiply(tangent, tangent), 1)), sine = multiply(cosine, tangent);
    return std::pair(next_partners(rotated(columns, cosine, sine)), next_partners(rotated(vectors, cosine, sine)));
  };
  int64_t sweeps = (x.dtype() == DType::float64 ? 10 : 7) + (even > 32 ? 3 : 0);
  int64_t steps = sweeps * std::max<int64_t>(even - 1, 1);
  if (steps <= kMostWritten) {
    for (int64_t step = 0; step < steps; ++step) std::tie(columns, vectors) = turn(columns, vectors);
  } else {
    Tensors last = fori_loop(
        0, steps,
        [&](const Tensor&, const Tensors& t) {
          auto [c, v] = turn({t[0], t[1]}, {t[2], t[3]});
          return Tensors(Xs{c.left, c.right, v.left, v.right});
        },
        Xs{columns.left, columns.right, vectors.left, vectors.right});
    columns = {last[0], last[1]};
    vectors = {last[2], last[3]};
  }

  a = concatenate({columns.left, columns.right}, -1);
  Tensor v = concatenate({vectors.left, vectors.right}, -1);
  Tensor lengths = sqrt(sum(multiply(a, a), axis - 1));
  Tensor order = part(trace::emit("argsort", {lengths}, {{"axis", lengths.rank() - 1}, {"descending", true}}),
                      lengths.rank() - 1, 0, n);
  Tensor s = take_along_axis(lengths, order, -1);
  auto sorted = [&](const Tensor& matrix) { return take_along_axis(matrix, expand_dims(order, -2), -1); };
  Tensor zero = equal(s, 0);
  Tensor u = divide(sorted(a), expand_dims(where(zero, 1, s), -2));
  // The rows of v beyond n belong to the column of zeros.
  Tensor vt = swapaxes(part(sorted(v), axis - 1, 0, n), -1, -2);
  return {u, s, vt};
}

// An orthonormal basis that begins with the columns of u.
Tensor with_all_columns(const Tensor& u) {
  const int64_t rows = u.shape()[-2], columns = u.shape()[-1], axis = u.rank() - 1;
  if (rows == columns) return u;
  return concatenate({u, part(qr(u, "complete").q, axis, columns, rows)}, -1);
}

}  // namespace

Svd svd(const Tensor& x, bool full_matrices, bool compute_uv) {
  Config arguments = Config::object({{"full_matrices", full_matrices}, {"compute_uv", compute_uv}});
  Xs three = apply_many("SVD", {x}, arguments, [=](const Xs& xs) {
    Tensor in = to_float(xs[0]);
    if (in.rank() < 2)
      throw ValueError("[svd] x must have at least two axes. Received: x.shape=" + xs[0].shape().to_string());
    const bool tall = in.shape()[-2] >= in.shape()[-1];
    Svd d = of_tall(tall ? in : swapaxes(in, -1, -2));
    if (!compute_uv) return Xs{d.s};
    if (full_matrices) d.u = with_all_columns(d.u);
    return tall ? Xs{d.u, d.s, d.v} : Xs{swapaxes(d.v, -1, -2), d.s, swapaxes(d.u, -1, -2)};
  });
  if (!compute_uv) return {{}, three[0], {}};
  return {three[0], three[1], three[2]};
}

}  // namespace hornbeam::ops
