// Gamma, beta and binomial numbers, by rejection. A program has no loop that ends when a proposal is accepted: so many
// proposals are made that all being refused is less likely than one in a hundred million, and the first good one is
// kept.
#include <hornbeam/ops.h>
#include <hornbeam/random/distributions.h>

#include <cmath>

#include "frontend/src/random/draws.h"

namespace hornbeam::random {
namespace {

constexpr DType kFloat = DType::float32;

Tensor broadcast(const Tensor& x, const Shape& shape) { return ops::broadcast_to(ops::cast(x, kFloat), shape); }

// Marsaglia and Tsang, "A simple method for generating gamma variables", 2000. At least 95 of 100 proposals are
// accepted.
Tensor gamma_from(const Tensor& alpha, const Tensor& seed) {
  constexpr int64_t kProposals = 7;
  const Shape& shape = alpha.shape();
  std::vector<Tensor> u = draws(3 * kProposals + 1, shape, seed);
  // Below 1: a number for alpha + 1, times a uniform one to the power 1 / alpha.
  Tensor small = ops::less(alpha, 1.0);
  Tensor d = ops::where(small, alpha + 1.0, alpha) - 1.0 / 3.0;
  Tensor c = ops::rsqrt(d * 9.0);
  Tensor chosen = d;
  for (int64_t i = kProposals - 1; i >= 0; --i) {
    Tensor x = standard_normal(u[3 * i], u[3 * i + 1]);
    Tensor root = c * x + 1.0;
    Tensor positive = ops::greater(root, 0.0);
    Tensor v = ops::where(positive, root * root * root, 1.0);
    Tensor bound = ops::square(x) * 0.5 + d - d * v + d * ops::log(v);
    Tensor accepted = ops::logical_and(positive, ops::less(ops::log(1.0 - u[3 * i + 2]), bound));
    chosen = ops::where(accepted, d * v, chosen);
  }
  Tensor boost = ops::power(1.0 - u.back(), 1.0 / ops::where(small, alpha, 1.0));
  return ops::where(small, chosen * boost, chosen);
}

// Few successes expected: the distribution function is summed up until it passes a uniform number. With a mean below 10
// more than 60 successes do not occur.
Tensor binomial_by_inversion(const Tensor& counts, const Tensor& p, const Tensor& u) {
  Tensor odds = p / (1.0 - p);
  Tensor mass = ops::exp(counts * ops::log1p(-p));
  Tensor sum = mass, result = ops::zeros_like(u);
  for (int64_t k = 0; k < 60; ++k) {
    result = result + ops::cast(ops::greater_equal(u, sum), kFloat);
    mass = mass * odds * (ops::maximum(counts - static_cast<double>(k), 0.0) / static_cast<double>(k + 1));
    sum = sum + mass;
  }
  return ops::minimum(result, counts);
}

// log(k!) less Stirling's leading terms.
Tensor stirling_tail(const Tensor& k) {
  Tensor x = k + 1.0;
  Tensor square = ops::square(x);
  return (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / 1260.0 / square) / square) / x;
}

// Hörmann, "The generation of binomial random variates", 1993 (BTRS), for means of 10 and more and p <= 1/2. At least
// 80 of 100 proposals are accepted.
Tensor binomial_by_rejection(const Tensor& counts, const Tensor& p, const std::vector<Tensor>& u) {
  Tensor spread = ops::sqrt(counts * p * (1.0 - p));
  Tensor b = spread * 2.53 + 1.15;
  Tensor a = b * 0.0248 + p * 0.01 - 0.0873;
  Tensor center = counts * p + 0.5;
  Tensor limit = 0.92 - 4.2 / b;
  Tensor ratio = p / (1.0 - p);
  Tensor alpha = (5.1 / b + 2.83) * spread;
  Tensor mode = ops::floor((counts + 1.0) * p);
  Tensor chosen = mode;
  for (size_t i = u.size() / 2; i-- > 0;) {
    Tensor shifted = u[2 * i] - 0.5, v = 1.0 - u[2 * i + 1];
    Tensor near = 0.5 - ops::abs(shifted);
    Tensor safe = ops::maximum(near, 1e-7);
    Tensor k = ops::floor((a * 2.0 / safe + b) * shifted + center);
    Tensor inside = ops::logical_and(ops::greater_equal(k, 0.0), ops::less_equal(k, counts));
    Tensor at_once = ops::logical_and(ops::greater_equal(near, 0.07), ops::less_equal(v, limit));
    Tensor j = ops::where(inside, k, mode);
    Tensor height = ops::log(v * alpha / (a / ops::square(safe) + b));
    Tensor bound = (mode + 0.5) * ops::log((mode + 1.0) / (ratio * (counts - mode + 1.0))) +
                   (counts + 1.0) * ops::log((counts - mode + 1.0) / (counts - j + 1.0)) +
                   (j + 0.5) * ops::log(ratio * (counts - j + 1.0) / (j + 1.0)) + stirling_tail(mode) +
                   stirling_tail(counts - mode) - stirling_tail(j) - stirling_tail(counts - j);
    Tensor accepted = ops::logical_and(inside, ops::logical_or(at_once, ops::less_equal(height, bound)));
    chosen = ops::where(accepted, k, chosen);
  }
  return chosen;
}

}  // namespace

Tensor gamma(const Shape& shape, const Tensor& alpha, DType dtype, const Seed& seed) {
  check_float("gamma", dtype);
  return drawn("Gamma", {alpha}, seed, [=](const std::vector<Tensor>& x, const Tensor& s) {
    return ops::cast(gamma_from(broadcast(x[0], shape), s), dtype);
  });
}

Tensor beta(const Shape& shape, const Tensor& alpha, const Tensor& beta, DType dtype, const Seed& seed) {
  check_float("beta", dtype);
  return drawn("Beta", {alpha, beta}, seed, [=](const std::vector<Tensor>& x, const Tensor& s) {
    Tensor both = gamma_from(ops::stack({broadcast(x[0], shape), broadcast(x[1], shape)}), s);
    std::vector<Tensor> each = ops::split(both, 2, 0);
    Tensor first = ops::reshape(each[0], shape), second = ops::reshape(each[1], shape);
    return ops::cast(first / (first + second), dtype);
  });
}

Tensor binomial(const Shape& shape, const Tensor& counts, const Tensor& probabilities, DType dtype, const Seed& seed) {
  constexpr int64_t kProposals = 12;
  return drawn("Binomial", {counts, probabilities}, seed, [=](const std::vector<Tensor>& x, const Tensor& s) {
    Tensor number = broadcast(x[0], shape), p = broadcast(x[1], shape);
    Tensor swapped = ops::greater(p, 0.5);
    p = ops::where(swapped, 1.0 - p, p);
    std::vector<Tensor> u = draws(2 * kProposals + 1, shape, s);
    Tensor last = u.back();
    u.pop_back();
    Tensor few = ops::less(number * p, 10.0);
    // Each method sees numbers that suit it, so that what is not used is finite, too.
    Tensor by_inversion = binomial_by_inversion(number, ops::where(few, p, 0.0), last);
    Tensor by_rejection = binomial_by_rejection(ops::where(few, 40.0, number), ops::where(few, 0.5, p), u);
    Tensor result = ops::where(few, by_inversion, by_rejection);
    return ops::cast(ops::where(swapped, number - result, result), dtype);
  });
}

}  // namespace hornbeam::random
