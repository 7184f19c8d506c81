// Quantiles: sorted rows, and elements of them by (fractional) place.
#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/reduce.h>
#include <hornbeam/ops/shape.h>
#include <hornbeam/ops/sort.h>
#include <hornbeam/ops/statistics.h>

#include <cmath>
#include <numeric>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {
namespace {

using List = std::vector<int64_t>;

// q in [0, 1] times `scale`.
Tensor quantile_body(const Tensor& x, const Tensor& given_q, const Axes& axis, const std::string& method, bool keepdims,
                     bool skip_nan, double scale, const char* op) {
  if (given_q.rank() > 1)
    throw ValueError(std::string("[") + op +
                     "] q must be a scalar or a vector. Received: q.shape=" + given_q.shape().to_string());
  Tensor in = to_float(x);
  // Narrow floats cannot tell the places of a long axis apart.
  DType place_dtype = in.dtype() == DType::float64 ? DType::float64 : DType::float32;
  List axes = axis.all() ? List(in.rank()) : canonical_axes(axis.given(), in.rank(), op);
  if (axis.all()) std::iota(axes.begin(), axes.end(), 0);
  List last;
  for (size_t i = 0; i < axes.size(); ++i) last.push_back(static_cast<int64_t>(i) - static_cast<int64_t>(axes.size()));
  Tensor moved = moveaxis(in, axes, last);
  Shape kept(List(moved.shape().begin(), moved.shape().end() - static_cast<int64_t>(axes.size())));
  Shape rows_shape = kept;
  rows_shape.push_back(-1);
  Tensor rows = sort(reshape(moved, rows_shape), -1);  // NaN is last
  int64_t n = rows.shape()[-1];
  if (n == 0)
    throw ValueError(std::string("[") + op +
                     "] The axis must not be empty. Received: x.shape=" + x.shape().to_string());

  Tensor q = to_dtype(ravel(given_q), place_dtype);
  if (scale != 1) q = divide(q, scale);
  Tensor is_nan = isnan(rows), numbers;
  if (skip_nan) {
    numbers = sum(cast(logical_not(is_nan), place_dtype), -1, true);
    numbers = maximum(subtract(numbers, 1), 0);
  } else {
    numbers = to_shape(to_dtype(static_cast<double>(n - 1), place_dtype), [&] {
      Shape shape = kept;
      shape.push_back(1);
      return shape;
    }());
  }
  Tensor place = multiply(numbers, q);  // [kept…, Q]
  Tensor low = floor(place), high = ceil(place);
  auto at = [&](const Tensor& where_) { return take_along_axis(rows, cast(where_, DType::int32), -1); };
  Tensor result;
  if (method == "lower") {
    result = at(low);
  } else if (method == "higher") {
    result = at(high);
  } else if (method == "nearest") {
    result = at(round(place));
  } else if (method == "midpoint") {
    result = multiply(add(at(low), at(high)), 0.5);
  } else if (method == "linear") {
    Tensor below = at(low), weight = to_dtype(subtract(place, low), in.dtype());
    // Equal neighbors (infinities too) need no step.
    Tensor step = subtract(at(high), below), whole = equal(weight, 0);
    result = add(below, where(whole, 0, multiply(where(whole, 0, step), weight)));
  } else {
    throw ValueError(std::string("[") + op +
                     "] method must be one of \"linear\", \"lower\", \"higher\", \"midpoint\", \"nearest\". Received: "
                     "method=" +
                     method);
  }
  Tensor poisoned = skip_nan ? all(is_nan, -1, true) : any(is_nan, -1, true);
  result = where(poisoned, NAN, result);
  result = moveaxis(result, -1, 0);
  if (keepdims) {
    Shape shape{result.shape()[0]};
    for (int64_t i = 0; i < in.rank(); ++i)
      shape.push_back(std::find(axes.begin(), axes.end(), i) != axes.end() ? 1 : in.shape()[i]);
    result = reshape(result, shape);
  }
  return given_q.rank() == 0 ? squeeze(result, 0) : result;
}

Tensor quantile_op(const char* keras_name, const char* op, const Tensor& x, const Tensor& q, const Axes& axis,
                   const std::string& method, bool keepdims, bool skip_nan, double scale) {
  Config arguments = Config::object(
      {{"axis", axis.all() ? Config() : Config(axis.given())}, {"method", method}, {"keepdims", keepdims}});
  return composed_binary(
      keras_name, x, q,
      [=](const Tensor& x, const Tensor& q) {
        return quantile_body(x, q, axis, method, keepdims, skip_nan, scale, op);
      },
      arguments);
}

}  // namespace

Tensor quantile(const Tensor& x, const Tensor& q, Axes axis, const std::string& method, bool keepdims) {
  return quantile_op("Quantile", "quantile", x, q, axis, method, keepdims, false, 1);
}
Tensor percentile(const Tensor& x, const Tensor& q, Axes axis, const std::string& method, bool keepdims) {
  return quantile_op("Percentile", "percentile", x, q, axis, method, keepdims, false, 100);
}
Tensor nanquantile(const Tensor& x, const Tensor& q, Axes axis, const std::string& method, bool keepdims) {
  return quantile_op("Nanquantile", "nanquantile", x, q, axis, method, keepdims, true, 1);
}
Tensor nanpercentile(const Tensor& x, const Tensor& q, Axes axis, const std::string& method, bool keepdims) {
  return quantile_op("Nanpercentile", "nanpercentile", x, q, axis, method, keepdims, true, 100);
}
Tensor median(const Tensor& x, Axes axis, bool keepdims) {
  return quantile_op("Median", "median", x, 0.5, axis, "linear", keepdims, false, 1);
}
Tensor nanmedian(const Tensor& x, Axes axis, bool keepdims) {
  return quantile_op("Nanmedian", "nanmedian", x, 0.5, axis, "linear", keepdims, true, 1);
}

}  // namespace hornbeam::ops
