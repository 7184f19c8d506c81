// Linear algebra; names as keras.ops.
#pragma once

#include <optional>
#include <string>

#include <hornbeam/ops/axes.h>
#include <hornbeam/tensor.h>

namespace hornbeam::ops {

struct NormOptions {
  std::optional<double> ord = {};  // of vectors any, infinities too; of matrices 1, -1, 2, -2, infinity, -infinity
  std::string of_matrix = {};      // instead of ord: "fro" (root of the sum of squares), "nuc" (sum of singular values)
  Axes axis = {};                  // one axis: norms of vectors; two: of matrices; none: x is a vector or a matrix
  bool keepdims = false;
};
// Without ord and axis: the root of the sum of all squares.
Tensor norm(const Tensor& x, const NormOptions& options);

struct Svd {
  Tensor u, s, v;  // [..., M, K], [..., K], [..., K, N], K the smaller of M and N: u * s · v is x
};
// Singular values in decreasing order, with their vectors. By rotations of pairs of columns (one-sided Jacobi).
// full_matrices: u and v are square, with further columns of u, or rows of v, that complete the basis. Without
// compute_uv there is s alone.
Svd svd(const Tensor& x, bool full_matrices = true, bool compute_uv = true);

// Of matrices [..., N, N]. Each goes through the columns one by one: written out up to 32 of them, else in a loop.

// Lower triangular L with L L^T = x (upper: its transpose), of the symmetric part of x.
Tensor cholesky(const Tensor& x, bool upper = false);
Tensor cholesky_inverse(const Tensor& x, bool upper = false);  // of the matrix whose factor x is
// By elimination with row pivots. b [..., N, K], or a vector [..., N] of a's rank less 1.
Tensor solve(const Tensor& a, const Tensor& b);
Tensor solve_triangular(const Tensor& a, const Tensor& b, bool lower = false);
Tensor inv(const Tensor& x);
Tensor det(const Tensor& x);
struct SignAndLogDet {
  Tensor sign, logdet;
};
SignAndLogDet slogdet(const Tensor& x);
Tensor logdet(const Tensor& x);  // of a positive definite matrix
struct LuFactor {
  Tensor lu;      // L below the diagonal (its own is 1), U on and above it
  Tensor pivots;  // int32: row i was exchanged with row pivots[i]
};
LuFactor lu_factor(const Tensor& x);
struct Qr {
  Tensor q, r;
};
// By Householder's reflections. mode "reduced": [..., M, K] and [..., K, N], or "complete": [..., M, M] and [..., M,
// N].
Qr qr(const Tensor& x, const std::string& mode = "reduced");
struct Eigh {
  Tensor values, vectors;  // in increasing order; vectors are columns
};
Eigh eigh(const Tensor& x);  // of a symmetric matrix

// By singular values; those below rcond (or tol, absolutely) count as 0: by default max(M, N) * epsilon of the largest.
Tensor pinv(const Tensor& x, std::optional<double> rcond = {});
Tensor lstsq(const Tensor& a, const Tensor& b, std::optional<double> rcond = {});
Tensor matrix_rank(const Tensor& x, std::optional<double> tol = {});

}  // namespace hornbeam::ops
