// Factorizations put together again, of small matrices, whose steps are written out, and of larger ones, which run in a
// loop.
#include <hornbeam/ops/linalg.h>

#include <algorithm>
#include <random>

#include <gtest/gtest.h>
#include <hornbeam/gradient.h>
#include <hornbeam/ops.h>
#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/create.h>
#include <hornbeam/ops/math.h>

namespace hornbeam {
namespace {

// float64 [2, n, m] without structure.
Array matrices(int64_t n, int64_t m) {
  std::mt19937 generator(static_cast<uint32_t>(n * 100 + m));
  Array x(DType::float64, {2, n, m});
  for (int64_t i = 0; i < x.num_elements(); ++i) x.set(i, generator() / 2147483648.0 - 1);
  return x;
}

Tensor transposed(const Tensor& x) { return ops::swapaxes(x, -1, -2); }
Tensor largest(const Tensor& x) { return ops::max(ops::abs(x)); }
Tensor positive(const Tensor& x) {  // symmetric, with eigenvalues of at least 1
  return ops::matmul(x, transposed(x)) / static_cast<double>(x.shape()[-1]) + ops::eye(x.shape()[-1], {}, 0, x.dtype());
}

class Factors : public ::testing::TestWithParam<int64_t> {
 protected:
  double error(const std::function<Tensor(const Tensor&)>& f, int64_t rows, int64_t columns) {
    return largest(f(Tensor(matrices(rows, columns)))).array().get(0);  // by native code
  }
  double error(const std::function<Tensor(const Tensor&)>& f) { return error(f, n, n); }
  int64_t n = GetParam();
};

TEST_P(Factors, CholeskyIsARoot) {
  auto root = [](const Tensor& x) {
    Tensor p = positive(x), l = ops::cholesky(p);
    return ops::matmul(l, transposed(l)) - p + ops::triu(l, 1);
  };
  EXPECT_LT(error(root), 1e-10);
}

TEST_P(Factors, SolutionsSolve) {
  auto whole = [](const Tensor& x) { return ops::matmul(x, ops::solve(x, x * x + 1)) - (x * x + 1); };
  EXPECT_LT(error(whole), 1e-8);
  for (bool lower : {true, false}) {
    auto half = [lower](const Tensor& x) {
      Tensor a = positive(x), b = x + 2;
      a = lower ? ops::tril(a) : ops::triu(a);
      return ops::matmul(a, ops::solve_triangular(a, b, lower)) - b;
    };
    EXPECT_LT(error(half), 1e-8);
  }
  EXPECT_LT(error([](const Tensor& x) {
    return ops::matmul(positive(x), ops::inv(positive(x))) - ops::eye(x.shape()[-1], {}, 0, x.dtype());
  }), 1e-9);
}

TEST_P(Factors, DeterminantsAgree) {
  auto difference = [](const Tensor& x) {
    Tensor p = positive(x);
    ops::SignAndLogDet d = ops::slogdet(p);
    return ops::concatenate({ops::logdet(p) - d.logdet, ops::log(ops::det(p)) - d.logdet, d.sign - 1}, -1);
  };
  EXPECT_LT(error(difference), 1e-9);
  // A row times -1 turns the sign.
  auto turned = [](const Tensor& x) {
    Tensor first = ops::where(ops::equal(ops::expand_dims(ops::arange(0, x.shape()[-1]), 1), 0), -1, 1);
    return ops::slogdet(x).sign + ops::slogdet(x * ops::cast(first, x.dtype())).sign;
  };
  EXPECT_EQ(error(turned), 0);
}

TEST_P(Factors, LuHasTheSolutionsOfItsMatrix) {
  auto product = [](const Tensor& x) {
    Tensor lu = ops::lu_factor(x).lu;
    Tensor l = ops::tril(lu, -1) + ops::eye(x.shape()[-1], {}, 0, x.dtype());
    // The rows of x in another order: sums over them are the same.
    return ops::sum(ops::matmul(l, ops::triu(lu)), -2) - ops::sum(x, -2);
  };
  EXPECT_LT(error(product), 1e-10);
}

TEST_P(Factors, QrAndSvdHaveOrthonormalParts) {
  for (auto [rows, columns] : {std::pair(n, n), std::pair(n + 3, n), std::pair(n, n + 3)}) {
    for (bool complete : {false, true}) {
      if (n > 32 && complete != (rows > columns)) continue;  // for the time it takes
      auto qr = [&](const Tensor& x) {
        ops::Qr f = ops::qr(x, complete ? "complete" : "reduced");
        Tensor unit = ops::matmul(transposed(f.q), f.q) - ops::eye(f.q.shape()[-1], {}, 0, x.dtype());
        return ops::maximum(largest(ops::matmul(f.q, f.r) - x), largest(unit));
      };
      EXPECT_LT(error(qr, rows, columns), 1e-10);
      auto svd = [&](const Tensor& x) {
        ops::Svd d = ops::svd(x, complete);
        int64_t k = d.s.shape()[-1], m = d.u.shape()[-1];
        Tensor u = ops::slice_axis(d.u, -1, 0, k), v = ops::slice_axis(d.v, -2, 0, k);
        Tensor unit = ops::matmul(transposed(d.u), d.u) - ops::eye(m, {}, 0, x.dtype());
        return ops::maximum(largest(ops::matmul(u * ops::expand_dims(d.s, -2), v) - x), largest(unit));
      };
      EXPECT_LT(error(svd, rows, columns), 1e-7);
      ops::Svd d = ops::svd(Tensor(matrices(rows, columns)), complete);
      EXPECT_EQ(d.u.shape(), Shape({2, rows, complete ? rows : std::min(rows, columns)}));
      EXPECT_EQ(d.v.shape(), Shape({2, complete ? columns : std::min(rows, columns), columns}));
    }
  }
}

TEST_P(Factors, EigenvectorsAreTurnedByNothing) {
  auto difference = [](const Tensor& x) {
    Tensor p = positive(x);
    ops::Eigh e = ops::eigh(p);
    return ops::matmul(p, e.vectors) - e.vectors * ops::expand_dims(e.values, -2);
  };
  EXPECT_LT(error(difference), 1e-7);
}

// d log det(p) / d p is the inverse, transposed.
TEST_P(Factors, GradientOfTheDeterminantIsTheInverse) {
  auto difference = [](const Tensor& x) {
    Tensor p = positive(x);
    auto f = [](const std::vector<Tensor>& t) { return ops::sum(ops::slogdet(t[0]).logdet); };
    Tensor gradient = grad(std::function<Tensor(const std::vector<Tensor>&)>(f), {p})[0];
    return gradient - transposed(ops::inv(p));
  };
  EXPECT_LT(error(difference), 1e-8);
}

INSTANTIATE_TEST_SUITE_P(Sizes, Factors, ::testing::Values(1, 5, 40));

}  // namespace
}  // namespace hornbeam
