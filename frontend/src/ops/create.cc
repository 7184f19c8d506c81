// Ranges, grids, matrices of ones, windows.
#include <hornbeam/ops/create.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/shape.h>

#include <cmath>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {
namespace {

using Xs = std::vector<Tensor>;

// Steps 0 … num - 1 along `axis`, and start and stop with that axis inserted, all of one float dtype.
struct Ramp {
  Tensor start, stop, step;
  int64_t axis;
};
Ramp ramp(const Tensor& from, const Tensor& to, int64_t num, int64_t axis, const char* op) {
  if (num < 0)
    throw ValueError(std::string("[") + op + "] num must not be negative. Received: num=" + std::to_string(num));
  DType dtype = result_type({from, to});
  if (!is_float(dtype)) dtype = config::floatx();
  Shape shape = broadcast_shape(from.shape(), to.shape());
  int64_t along = canonical_axis(axis, shape.rank() + 1, op);
  Shape steps(std::vector<int64_t>(shape.rank() + 1, 1));
  steps[along] = num;
  return {expand_dims(to_shape(to_dtype(from, dtype), shape), along),
          expand_dims(to_shape(to_dtype(to, dtype), shape), along), iota(steps, along, dtype), along};
}
Tensor evenly(const Ramp& r, int64_t num, bool endpoint) {
  double parts = static_cast<double>(endpoint ? num - 1 : num);
  if (parts <= 0) return add(multiply(r.step, 0), r.start);
  // Weights of both ends, so that the last number is `stop` to the bit.
  Tensor weight = divide(r.step, parts);
  return add(multiply(r.start, subtract(1, weight)), multiply(r.stop, weight));
}
Config space_arguments(int64_t num, bool endpoint, DType dtype, int64_t axis) {
  return Config::object({{"num", num},
                         {"endpoint", endpoint},
                         {"dtype", dtype == DType::invalid ? Config() : Config(dtype)},
                         {"axis", axis}});
}
Tensor in_dtype(const Tensor& x, DType dtype) { return dtype == DType::invalid ? x : to_dtype(x, dtype); }

template <class F>
Tensor window(int64_t size, F f) {
  if (size < 0) throw ValueError("A window's size must not be negative. Received: " + std::to_string(size));
  Array values(config::floatx(), {size});
  for (int64_t i = 0; i < size; ++i)
    values.set(i, size == 1 ? 1.0 : f(static_cast<double>(i) / static_cast<double>(size - 1)));
  return Tensor(values);
}

double bessel_i0(double x) {
  double term = 1, sum = 1;
  for (int k = 1; term > 1e-17 * sum; ++k) {
    term *= x * x / (4.0 * k * k);
    sum += term;
  }
  return sum;
}

// 1 where compare(column - row, k) holds.
template <class F>
Tensor by_diagonal(const char* keras_name, int64_t rows, int64_t columns, int64_t k, DType dtype, F compare) {
  if (rows < 0 || columns < 0)
    throw ValueError(std::string("[") + keras_name + "] Sizes must not be negative. Received: N=" +
                     std::to_string(rows) + ", M=" + std::to_string(columns));
  Config arguments = Config::object({{"N", rows}, {"M", columns}, {"k", k}, {"dtype", dtype}});
  return apply(keras_name, {}, arguments, [=](const Xs&) {
    Shape shape{rows, columns};
    return to_dtype(compare(subtract(iota(shape, 1), iota(shape, 0)), Tensor(k)), dtype);
  });
}

}  // namespace

Tensor array(const Tensor& x, DType dtype) { return cast(x, dtype == DType::invalid ? x.dtype() : dtype); }
Tensor convert_to_tensor(const Tensor& x, DType dtype) { return array(x, dtype); }
Array convert_to_numpy(const Tensor& x) { return x.array(); }
Tensor size(const Tensor& x) {
  return composed_unary("Size", x, [](const Tensor& x) {
    Array count(DType::int32, {});
    count.set_int(0, x.shape().num_elements());
    return Tensor(count);
  });
}
Tensor empty(const Shape& shape, DType dtype) { return zeros(shape, dtype); }
Tensor empty_like(const Tensor& x, DType dtype) { return zeros_like(x, dtype); }

Tensor arange_of_reals(double start, double stop, double step, DType dtype) {
  if (step == 0) throw ValueError("[arange] step must not be 0.");
  int64_t size = std::max<int64_t>(0, static_cast<int64_t>(std::ceil((stop - start) / step)));
  Array values(dtype, {size});
  for (int64_t i = 0; i < size; ++i) values.set(i, start + static_cast<double>(i) * step);
  return Tensor(values);
}

Tensor linspace(const Tensor& start, const Tensor& stop, int64_t num, bool endpoint, DType dtype, int64_t axis) {
  return apply("Linspace", {start, stop}, space_arguments(num, endpoint, dtype, axis), [=](const Xs& x) {
    return in_dtype(evenly(ramp(x[0], x[1], num, axis, "linspace"), num, endpoint), dtype);
  });
}
Tensor logspace(const Tensor& start, const Tensor& stop, int64_t num, bool endpoint, double base, DType dtype,
                int64_t axis) {
  Config arguments = space_arguments(num, endpoint, dtype, axis);
  arguments["base"] = base;
  return apply("Logspace", {start, stop}, arguments, [=](const Xs& x) {
    return in_dtype(power(base, evenly(ramp(x[0], x[1], num, axis, "logspace"), num, endpoint)), dtype);
  });
}
Tensor geomspace(const Tensor& start, const Tensor& stop, int64_t num, bool endpoint, DType dtype, int64_t axis) {
  return apply("Geomspace", {start, stop}, space_arguments(num, endpoint, dtype, axis), [=](const Xs& x) {
    // start * (stop / start)^weight: negative sequences come out as well.
    Ramp r = ramp(x[0], x[1], num, axis, "geomspace");
    double parts = static_cast<double>(std::max<int64_t>(1, endpoint ? num - 1 : num));
    Tensor values = multiply(r.start, power(divide(r.stop, r.start), divide(r.step, parts)));
    if (endpoint && num > 1) values = where(equal(r.step, parts), r.stop, values);
    return in_dtype(values, dtype);
  });
}

Tensor eye(int64_t N, std::optional<int64_t> M, int64_t k, DType dtype) {
  return by_diagonal("Eye", N, M.value_or(N), k, dtype, equal);
}
Tensor identity(int64_t n, DType dtype) { return eye(n, {}, 0, dtype); }
Tensor tri(int64_t N, std::optional<int64_t> M, int64_t k, DType dtype) {
  return by_diagonal("Tri", N, M.value_or(N), k, dtype, less_equal);
}

Tensor vander(const Tensor& x, std::optional<int64_t> N, bool increasing) {
  return composed_unary(
      "Vander", x,
      [=](const Tensor& x) {
        if (x.rank() != 1) throw ValueError("[vander] x must be a vector. Received: x.shape=" + x.shape().to_string());
        int64_t columns = N.value_or(x.shape()[0]);
        // Products rather than powers: exact for integers, and a slope of x^0 that is 0 even at 0.
        Xs powers;
        Tensor last = ones_like(x);
        for (int64_t i = 0; i < columns; ++i) {
          powers.push_back(last);
          last = multiply(last, x);
        }
        if (!increasing) std::reverse(powers.begin(), powers.end());
        return powers.empty() ? zeros({x.shape()[0], 0}, x.dtype()) : stack(powers, 1);
      },
      Config::object({{"N", N}, {"increasing", increasing}}));
}

std::vector<Tensor> meshgrid(const std::vector<Tensor>& xs, const std::string& indexing) {
  if (indexing != "xy" && indexing != "ij")
    throw ValueError("[meshgrid] indexing must be \"xy\" or \"ij\". Received: indexing=" + indexing);
  return apply_many("Meshgrid", xs, Config::object({{"indexing", indexing}}), [=](const Xs& x) {
    int64_t n = static_cast<int64_t>(x.size());
    auto axis_of = [&](int64_t i) { return indexing == "xy" && n > 1 && i < 2 ? 1 - i : i; };
    Shape shape(std::vector<int64_t>(x.size(), 1));
    for (int64_t i = 0; i < n; ++i) shape[axis_of(i)] = x[i].shape().num_elements();
    Xs grids;
    for (int64_t i = 0; i < n; ++i) {
      Shape own(std::vector<int64_t>(x.size(), 1));
      own[axis_of(i)] = x[i].shape().num_elements();
      grids.push_back(to_shape(reshape(x[i], own), shape));
    }
    return grids;
  });
}

// t runs from 0 to 1.
Tensor bartlett(int64_t M) {
  return window(M, [](double t) { return 1 - std::abs(2 * t - 1); });
}
Tensor blackman(int64_t M) {
  return window(M, [](double t) { return 0.42 - 0.5 * std::cos(2 * M_PI * t) + 0.08 * std::cos(4 * M_PI * t); });
}
Tensor hamming(int64_t M) {
  return window(M, [](double t) { return 0.54 - 0.46 * std::cos(2 * M_PI * t); });
}
Tensor hanning(int64_t M) {
  return window(M, [](double t) { return 0.5 - 0.5 * std::cos(2 * M_PI * t); });
}
Tensor kaiser(int64_t M, double beta) {
  return window(M, [beta](double t) {
    double x = 2 * t - 1;
    return bessel_i0(beta * std::sqrt(std::max(0.0, 1 - x * x))) / bessel_i0(beta);
  });
}

}  // namespace hornbeam::ops
