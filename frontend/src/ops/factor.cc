// Factorizations of matrices, one step after the other: written out for small ones, in a loop for others. Gradients are
// those of the steps.
#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/create.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/linalg.h>
#include <hornbeam/ops/loops.h>
#include <hornbeam/ops/nn.h>
#include <hornbeam/ops/reduce.h>
#include <hornbeam/ops/shape.h>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {
namespace {

using Xs = std::vector<Tensor>;
using List = std::vector<int64_t>;

// More steps than that run in a loop.
constexpr int64_t kMostWritten = 32;

void check_matrix(const Tensor& x, const char* op, bool square) {
  if (x.rank() < 2 || (square && x.shape()[-1] != x.shape()[-2]))
    throw ValueError(std::string("[") + op + "] x must be a " + (square ? "square " : "") +
                     "matrix, or several. Received: x.shape=" + x.shape().to_string());
}

// The row and column that a step is about: a number, or in a loop a tensor.
class Place {
 public:
  explicit Place(int64_t number) : number_(number), tensor_(number) {}
  explicit Place(Tensor tensor) : tensor_(std::move(tensor)) {}
  operator const Tensor&() const { return tensor_; }
  Tensor of(const Tensor& x, int64_t axis) const {
    return number_ ? part(x, axis, *number_, *number_ + 1) : take(x, reshape(tensor_, {1}), axis);
  }

 private:
  std::optional<int64_t> number_;
  Tensor tensor_;
};

Tensor column(const Tensor& x, const Place& k) { return k.of(x, x.rank() - 1); }  // [..., N, 1]
Tensor row(const Tensor& x, const Place& k) { return k.of(x, x.rank() - 2); }     // [..., 1, N]
Tensor entry(const Tensor& x, const Place& k) { return column(row(x, k), k); }    // [..., 1, 1]

// f at each place, the last first with `backward`: what is carried on, and what the steps give, stacked in their order.
struct Stepped {
  Xs state;
  Xs outputs;
};
using Step = std::function<Stepped(const Place&, const Xs&)>;
Stepped steps(int64_t n, Xs state, const Step& f, bool backward = false) {
  if (n <= kMostWritten) {
    std::vector<Xs> all;
    for (int64_t step = 0; step < n; ++step) {
      Stepped next = f(Place(backward ? n - 1 - step : step), state);
      state = std::move(next.state);
      all.push_back(std::move(next.outputs));
    }
    Stepped result{std::move(state), {}};
    for (size_t i = 0; !all.empty() && i < all[0].size(); ++i) {
      Xs outputs;
      for (const Xs& of_step : all) outputs.push_back(of_step[i]);
      result.outputs.push_back(stack(outputs, 0));
    }
    return result;
  }
  auto body = [&](const Tensors& carry, const Tensors& k) {
    Tensor place = k.single();
    Stepped next = f(Place(backward ? subtract(n - 1, place) : place), carry.flat());
    return std::pair(Tensors(next.state), Tensors(next.outputs));
  };
  auto [carry, outputs] = scan(body, Tensors(state), Tensors(arange(0, n)));
  return {carry.flat(), outputs.flat()};
}

Tensor place_of_row(int64_t n) { return iota({n, 1}, 0); }
Tensor transposed(const Tensor& x) { return swapaxes(x, -1, -2); }
Tensor unit_like(const Tensor& x, int64_t n) {
  Shape shape(List(x.shape().begin(), x.shape().end() - 2));
  shape.push_back(n), shape.push_back(n);
  return to_shape(eye(n, {}, 0, x.dtype()), shape);
}

// Rows k and that of the largest entry at or below it in column k change places.
struct Pivoted {
  Tensor x, place, sign;  // place [..., 1, 1] int32; sign -1 where rows were exchanged
};
Pivoted pivot(const Tensor& x, const Place& k) {
  int64_t n = x.shape()[-2];
  Tensor rows = place_of_row(n);
  Tensor size = where(greater_equal(rows, k), abs(column(x, k)), -1);
  Tensor place = argmax(size, -2, true), chosen = equal(rows, place);
  Tensor pivot_row = sum(where(chosen, x, zeros_like(x)), -2, true);
  Tensor exchanged = where(equal(rows, k), pivot_row, where(chosen, row(x, k), x));
  return {exchanged, place, where(equal(place, k), ones_like(entry(x, k)), -1)};
}

// Gauss and Jordan: [a | b] → b's solution, with a's determinant on the way.
struct Eliminated {
  Tensor x;
  Tensor sign;    // of all exchanges
  Tensor pivots;  // [N, ..., 1, 1]
};
Eliminated eliminate(const Tensor& m, int64_t n) {
  Tensor no_exchange = ones_like(entry(m, Place(int64_t{0})));
  Stepped done = steps(n, {m, no_exchange}, [n](const Place& k, const Xs& state) {
    Pivoted p = pivot(state[0], k);
    Tensor value = entry(p.x, k), own = equal(place_of_row(n), k);
    Tensor normal = divide(row(p.x, k), value);
    Tensor m = where(own, normal, subtract(p.x, multiply(column(p.x, k), normal)));
    return Stepped{{m, multiply(state[1], p.sign)}, {value}};
  });
  return {done.state[0], done.state[1], done.outputs[0]};
}

Tensor lower_factor(const Tensor& x) {
  int64_t n = x.shape()[-1];
  Tensor whole = multiply(add(x, transposed(x)), 0.5);
  Stepped done = steps(n, {whole}, [n](const Place& k, const Xs& state) {
    const Tensor& rest = state[0];
    Tensor c = divide(column(rest, k), sqrt(entry(rest, k)));
    c = where(greater_equal(place_of_row(n), k), c, zeros_like(c));
    return Stepped{{subtract(rest, multiply(c, transposed(c)))}, {squeeze(c, -1)}};
  });
  return moveaxis(done.outputs[0], 0, -1);
}

Tensor squeeze_matrix(const Tensor& x) { return squeeze(x, {-1, -2}); }

// One float dtype for both.
std::pair<Tensor, Tensor> floats(const Tensor& a, const Tensor& b) {
  DType dtype = result_type({a, b});
  if (!is_float(dtype)) dtype = config::floatx();
  return {to_dtype(a, dtype), to_dtype(b, dtype)};
}

}  // namespace

Tensor cholesky(const Tensor& x, bool upper) {
  return composed_unary(
      "Cholesky", x,
      [upper](const Tensor& x) {
        check_matrix(x, "cholesky", true);
        Tensor lower = lower_factor(to_float(x));
        return upper ? transposed(lower) : lower;
      },
      Config::object({{"upper", upper}}));
}
Tensor cholesky_inverse(const Tensor& x, bool upper) {
  return composed_unary(
      "CholeskyInverse", x,
      [upper](const Tensor& x) {
        check_matrix(x, "cholesky_inverse", true);
        Tensor in = to_float(x), inverse = solve_triangular(in, unit_like(in, in.shape()[-1]), !upper);
        return upper ? matmul(inverse, transposed(inverse)) : matmul(transposed(inverse), inverse);
      },
      Config::object({{"upper", upper}}));
}

Tensor solve(const Tensor& a, const Tensor& b) {
  return composed_binary("Solve", a, b, [](const Tensor& a, const Tensor& b) {
    check_matrix(a, "solve", true);
    auto [left, right] = floats(a, b);
    bool vector = right.rank() == left.rank() - 1;
    if (vector) right = expand_dims(right, -1);
    int64_t n = left.shape()[-1];
    if (right.rank() != left.rank() || right.shape()[-2] != n)
      throw ValueError("[solve] b must have as many rows as a. Received: a.shape=" + a.shape().to_string() +
                       ", b.shape=" + b.shape().to_string());
    Tensor x = eliminate(concatenate({left, right}, -1), n).x;
    x = part(x, x.rank() - 1, n, x.shape()[-1]);
    return vector ? squeeze(x, -1) : x;
  });
}

Tensor solve_triangular(const Tensor& a, const Tensor& b, bool lower) {
  return composed_binary(
      "SolveTriangular", a, b,
      [lower](const Tensor& a, const Tensor& b) {
        check_matrix(a, "solve_triangular", true);
        auto [left, right] = floats(a, b);
        bool vector = right.rank() == left.rank() - 1;
        if (vector) right = expand_dims(right, -1);
        int64_t n = left.shape()[-1];
        if (right.rank() != left.rank() || right.shape()[-2] != n)
          throw ValueError("[solve_triangular] b must have as many rows as a. Received: a.shape=" +
                           a.shape().to_string() + ", b.shape=" + b.shape().to_string());
        // The other triangle of a counts as 0, and rows that are done are not looked at again.
        Stepped done = steps(n, {right}, [left = left](const Place& k, const Xs& state) {
          Tensor solved = divide(row(state[0], k), entry(left, k));
          return Stepped{{subtract(state[0], multiply(column(left, k), solved))}, {squeeze(solved, -2)}};
        }, !lower);
        Tensor x = moveaxis(lower ? done.outputs[0] : flip(done.outputs[0], 0), 0, -2);
        return vector ? squeeze(x, -1) : x;
      },
      Config::object({{"lower", lower}}));
}

Tensor inv(const Tensor& x) {
  return composed_unary("Inv", x, [](const Tensor& x) {
    check_matrix(x, "inv", true);
    Tensor in = to_float(x);
    return solve(in, unit_like(in, in.shape()[-1]));
  });
}

Tensor det(const Tensor& x) {
  return composed_unary("Det", x, [](const Tensor& x) {
    check_matrix(x, "det", true);
    Tensor in = to_float(x);
    Eliminated e = eliminate(in, in.shape()[-1]);
    return squeeze_matrix(multiply(e.sign, prod(e.pivots, 0)));
  });
}
SignAndLogDet slogdet(const Tensor& x) {
  Xs both = apply_many("SlogDet", {x}, Config::object(), [](const Xs& xs) {
    check_matrix(xs[0], "slogdet", true);
    Tensor in = to_float(xs[0]);
    Eliminated e = eliminate(in, in.shape()[-1]);
    Tensor signs = multiply(e.sign, prod(sign(e.pivots), 0)), total = sum(log(abs(e.pivots)), 0);
    return Xs{squeeze_matrix(signs), squeeze_matrix(total)};
  });
  return {both[0], both[1]};
}
Tensor logdet(const Tensor& x) {
  return composed_unary("LogDet", x, [](const Tensor& x) {
    check_matrix(x, "logdet", true);
    return multiply(sum(log(diagonal(lower_factor(to_float(x)), 0, -2, -1)), -1), 2);
  });
}

LuFactor lu_factor(const Tensor& x) {
  Xs both = apply_many("LuFactor", {x}, Config::object(), [](const Xs& xs) {
    check_matrix(xs[0], "lu_factor", true);
    Tensor m = to_float(xs[0]);
    int64_t n = m.shape()[-1];
    Stepped done = steps(n, {m}, [n](const Place& k, const Xs& state) {
      Pivoted p = pivot(state[0], k);
      // Below the pivot: the factor in column k, what is left to the right of it; the rest stays.
      Tensor below = greater(place_of_row(n), k), right = greater(iota({1, n}, 1), k);
      Tensor factor = divide(column(p.x, k), entry(p.x, k));
      Tensor left_over = subtract(p.x, multiply(factor, row(p.x, k)));
      Tensor next = where(logical_and(below, right), left_over,
                          where(logical_and(below, equal(iota({1, n}, 1), k)), factor, p.x));
      return Stepped{{next}, {squeeze(p.place, {-1, -2})}};
    });
    return Xs{done.state[0], moveaxis(done.outputs[0], 0, -1)};
  });
  return {both[0], both[1]};
}

Qr qr(const Tensor& x, const std::string& mode) {
  if (mode != "reduced" && mode != "complete")
    throw ValueError("`mode` argument value not supported. Expected one of {'reduced', 'complete'}. Received: mode=" +
                     mode);
  Xs both = apply_many("Qr", {x}, Config::object({{"mode", mode}}), [=](const Xs& xs) {
    check_matrix(xs[0], "qr", false);
    Tensor r = to_float(xs[0]);
    int64_t m = r.shape()[-2], n = r.shape()[-1];
    Tensor q = unit_like(r, m);
    Stepped done = steps(std::min(m - 1, n), {q, r}, [=](const Place& k, const Xs& state) {
      Tensor q = state[0], r = state[1], rows = place_of_row(m);
      Tensor c = column(r, k), at = equal(rows, k), below = greater(rows, k);
      Tensor under = where(below, c, zeros_like(c)), rest = sum(multiply(under, under), -2, true);
      // Nothing below the diagonal: no reflection.
      Tensor none = equal(rest, 0), head = entry(r, k);
      Tensor length = sqrt(where(none, 1, add(rest, multiply(head, head))));
      Tensor target = where(less(head, 0), length, negative(length));
      Tensor v = add(under, where(at, subtract(head, target), zeros_like(c)));
      Tensor factor = where(none, 0, divide(2, where(none, 1, sum(multiply(v, v), -2, true))));
      r = subtract(r, multiply(multiply(v, factor), matmul(transposed(v), r)));
      r = where(logical_and(below, equal(iota({1, n}, 1), k)), zeros_like(r), r);  // exactly 0, as it should be
      q = subtract(q, multiply(matmul(q, v), multiply(transposed(v), factor)));
      return Stepped{{q, r}, {}};
    });
    q = done.state[0], r = done.state[1];
    if (mode == "complete" || m <= n) return Xs{q, r};
    return Xs{part(q, q.rank() - 1, 0, n), part(r, r.rank() - 2, 0, n)};
  });
  return {both[0], both[1]};
}

Eigh eigh(const Tensor& x) {
  Xs both = apply_many("Eigh", {x}, Config::object(), [](const Xs& xs) {
    check_matrix(xs[0], "eigh", true);
    Tensor in = to_float(xs[0]);
    // Shifted by its norm the matrix has no negative eigenvalue, and its singular vectors are its eigenvectors.
    Tensor shift = norm(in, {.axis = {-2, -1}, .keepdims = true});
    Svd d = svd(add(in, multiply(unit_like(in, in.shape()[-1]), shift)), false);
    return Xs{flip(subtract(d.s, squeeze(shift, -1)), -1), flip(d.u, -1)};
  });
  return {both[0], both[1]};
}

namespace {
double epsilon_of(DType dtype) { return dtype == DType::float64 ? 0x1p-52 : 0x1p-23; }
// The bound below which singular values count as 0: [..., 1].
Tensor bound(const Tensor& x, const Tensor& s, std::optional<double> rcond) {
  double most = static_cast<double>(std::max(x.shape()[-1], x.shape()[-2]));
  return multiply(max(s, -1, true), rcond.value_or(most * epsilon_of(x.dtype())));
}
}  // namespace

Tensor pinv(const Tensor& x, std::optional<double> rcond) {
  return composed_unary(
      "Pinv", x,
      [rcond](const Tensor& x) {
        check_matrix(x, "pinv", false);
        Tensor in = to_float(x);
        Svd d = svd(in, false);
        Tensor counts = greater(d.s, bound(in, d.s, rcond));
        Tensor inverse = where(counts, divide(1, where(counts, d.s, 1)), 0);
        return matmul(multiply(transposed(d.v), expand_dims(inverse, -2)), transposed(d.u));
      },
      Config::object({{"rcond", rcond}}));
}
Tensor lstsq(const Tensor& a, const Tensor& b, std::optional<double> rcond) {
  return composed_binary(
      "Lstsq", a, b,
      [rcond](const Tensor& a, const Tensor& b) {
        auto [left, right] = floats(a, b);
        bool vector = right.rank() == 1;
        Tensor x = matmul(pinv(left, rcond), vector ? expand_dims(right, -1) : right);
        return vector ? squeeze(x, -1) : x;
      },
      Config::object({{"rcond", rcond}}));
}
Tensor matrix_rank(const Tensor& x, std::optional<double> tol) {
  return composed_unary(
      "MatrixRank", x,
      [tol](const Tensor& x) {
        check_matrix(x, "matrix_rank", false);
        Tensor in = to_float(x), s = svd(in, false, false).s;
        Tensor least = tol ? to_dtype(*tol, s.dtype()) : bound(in, s, {});
        return sum(cast(greater(s, least), DType::int32), -1);
      },
      Config::object({{"tol", tol}}));
}

}  // namespace hornbeam::ops
