// Products beyond matmul and einsum.
#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/nn.h>
#include <hornbeam/ops/products.h>
#include <hornbeam/ops/reduce.h>
#include <hornbeam/ops/shape.h>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {

using List = std::vector<int64_t>;

Tensor inner(const Tensor& x1, const Tensor& x2) {
  return composed_binary("Inner", x1, x2, [](const Tensor& x1, const Tensor& x2) {
    if (x1.rank() == 0 || x2.rank() == 0) return multiply(x1, x2);
    return tensordot(x1, x2, {-1}, {-1});
  });
}
Tensor outer(const Tensor& x1, const Tensor& x2) {
  return composed_binary("Outer", x1, x2, [](const Tensor& x1, const Tensor& x2) {
    return multiply(expand_dims(ravel(x1), 1), expand_dims(ravel(x2), 0));
  });
}
Tensor vdot(const Tensor& x1, const Tensor& x2) {
  return composed_binary("Vdot", x1, x2, [](const Tensor& x1, const Tensor& x2) { return dot(ravel(x1), ravel(x2)); });
}

Tensor kron(const Tensor& x1, const Tensor& x2) {
  return composed_binary("Kron", x1, x2, [](const Tensor& x1, const Tensor& x2) {
    int64_t rank = std::max(x1.rank(), x2.rank());
    auto dims = [rank](const Tensor& x) {
      List d = x.shape().dims();
      d.insert(d.begin(), rank - d.size(), 1);
      return d;
    };
    List a = dims(x1), b = dims(x2);
    Shape first, second, joined;
    for (int64_t i = 0; i < rank; ++i) {
      first.push_back(a[i]), first.push_back(1);
      second.push_back(1), second.push_back(b[i]);
      joined.push_back(a[i] * b[i]);
    }
    return reshape(multiply(reshape(x1, first), reshape(x2, second)), joined);
  });
}

Tensor cross(const Tensor& x1, const Tensor& x2, int64_t axisa, int64_t axisb, int64_t axisc) {
  Config arguments = Config::object({{"axisa", axisa}, {"axisb", axisb}, {"axisc", axisc}});
  return composed_binary(
      "Cross", x1, x2,
      [=](const Tensor& x1, const Tensor& x2) {
        Tensor a = moveaxis(x1, axisa, -1), b = moveaxis(x2, axisb, -1);
        int64_t n = a.shape()[-1], m = b.shape()[-1];
        if (n < 2 || n > 3 || m < 2 || m > 3)
          throw ValueError("[cross] Vectors must have 2 or 3 components. Received: x1.shape=" + x1.shape().to_string() +
                           ", x2.shape=" + x2.shape().to_string());
        auto component = [](const Tensor& x, int64_t i) { return squeeze(slice_axis(x, -1, i, i + 1), -1); };
        Tensor z = subtract(multiply(component(a, 0), component(b, 1)), multiply(component(a, 1), component(b, 0)));
        if (n == 2 && m == 2) return z;
        // A missing third component is 0.
        auto third = [&](const Tensor& v, int64_t size) {
          return size == 3 ? component(v, 2) : zeros_like(component(v, 0));
        };
        Tensor a2 = third(a, n), b2 = third(b, m);
        Tensor x = subtract(multiply(component(a, 1), b2), multiply(a2, component(b, 1)));
        Tensor y = subtract(multiply(a2, component(b, 0)), multiply(component(a, 0), b2));
        return moveaxis(stack({x, y, z}, -1), -1, axisc);
      },
      arguments);
}

Tensor cdist(const Tensor& x, const Tensor& y) {
  return composed_binary("Cdist", x, y, [](const Tensor& x, const Tensor& y) {
    if (x.rank() < 2 || y.rank() < 2 || x.shape()[-1] != y.shape()[-1])
      throw ValueError("[cdist] x and y must have at least two axes, and the last ones equal. Received: x.shape=" +
                       x.shape().to_string() + ", y.shape=" + y.shape().to_string());
    // By differences: exact where rows are close, which |x|^2 + |y|^2 - 2 xy is not.
    Tensor apart = subtract(to_float(expand_dims(x, -2)), to_float(expand_dims(y, -3)));
    Tensor square = sum(multiply(apart, apart), -1), zero = equal(square, 0);
    return where(zero, 0, sqrt(where(zero, 1, square)));
  });
}

Tensor correlate(const Tensor& x1, const Tensor& x2, const std::string& mode) {
  if (mode != "valid" && mode != "same" && mode != "full")
    throw ValueError("[correlate] mode must be one of \"valid\", \"same\", \"full\". Received: mode=" + mode);
  return composed_binary(
      "Correlate", x1, x2,
      [=](const Tensor& x1, const Tensor& x2) {
        if (x1.rank() != 1 || x2.rank() != 1)
          throw ValueError("[correlate] Both tensors must be vectors. Received: x1.shape=" + x1.shape().to_string() +
                           ", x2.shape=" + x2.shape().to_string());
        Tensor a = to_float(x1), b = to_float(x2);
        int64_t n = a.shape()[0], m = b.shape()[0];
        // The longer one is the signal; exchanged, the result is turned round.
        bool exchanged = n < m;
        if (exchanged) std::swap(a, b), std::swap(n, m);
        int64_t low = mode == "valid" ? 0 : mode == "full" ? m - 1 : m / 2;
        int64_t high = mode == "valid" ? 0 : mode == "full" ? m - 1 : m - 1 - m / 2;
        if (exchanged && mode == "same") std::swap(low, high);
        Tensor signal = reshape(pad(a, {{low, high}}), {1, n + low + high, 1});
        Tensor result = ravel(conv(signal, reshape(b, {m, 1, 1}), {1}, "valid", "channels_last"));
        return exchanged ? flip(result, 0) : result;
      },
      Config::object({{"mode", mode}}));
}

Tensor corrcoef(const Tensor& x) {
  return composed_unary("Corrcoef", x, [](const Tensor& x) {
    Tensor rows = to_float(x.rank() == 1 ? expand_dims(x, 0) : x);
    if (rows.rank() != 2)
      throw ValueError("[corrcoef] x must have one axis or two. Received: x.shape=" + x.shape().to_string());
    Tensor centred = subtract(rows, mean(rows, 1, true));
    Tensor covariance = matmul(centred, transpose(centred));
    Tensor deviation = sqrt(diagonal(covariance));
    Tensor r = divide(covariance, multiply(expand_dims(deviation, 1), expand_dims(deviation, 0)));
    return x.rank() == 1 ? reshape(r, {}) : clip(r, -1, 1);
  });
}

}  // namespace hornbeam::ops
