// Statistics and other summaries.
#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/create.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/nn.h>
#include <hornbeam/ops/reduce.h>
#include <hornbeam/ops/shape.h>
#include <hornbeam/ops/statistics.h>

#include <cmath>
#include <numeric>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {
namespace {

using Xs = std::vector<Tensor>;
using List = std::vector<int64_t>;

Config reduce_arguments(const Axes& axis, bool keepdims) {
  return Config::object({{"axis", axis.all() ? Config() : Config(axis.given())}, {"keepdims", keepdims}});
}
template <class F>
Tensor reduction(const char* keras_name, const Tensor& x, const Axes& axis, bool keepdims, F body) {
  return composed_unary(keras_name, x, body, reduce_arguments(axis, keepdims));
}

// x with NaN replaced, and how many numbers there are.
Tensor without_nan(const Tensor& x, const Tensor& instead) {
  return is_float(x.dtype()) ? where(isnan(x), instead, x) : trace::Trace::current()->lift(x);
}
Tensor count_numbers(const Tensor& x, const Axes& axis, bool keepdims) {
  return sum(cast(logical_not(isnan(x)), x.dtype()), axis, keepdims);
}
Tensor nan_mean(const Tensor& x, const Axes& axis, bool keepdims) {
  return divide(sum(without_nan(x, 0), axis, keepdims), count_numbers(x, axis, keepdims));
}
// An extremum of the numbers; NaN where there are none.
Tensor nan_extremum(const Tensor& x, const Axes& axis, bool keepdims, bool largest) {
  if (!is_float(x.dtype())) return largest ? max(x, axis, keepdims) : min(x, axis, keepdims);
  Tensor in = without_nan(x, largest ? -INFINITY : INFINITY);
  Tensor found = largest ? max(in, axis, keepdims) : min(in, axis, keepdims);
  return where(all(isnan(x), axis, keepdims), NAN, found);
}
Tensor nan_arg(const char* keras_name, const Tensor& x, std::optional<int64_t> axis, bool keepdims, bool largest) {
  return composed_unary(
      keras_name, x,
      [=](const Tensor& x) {
        Axes axes = axis ? Axes(*axis) : Axes();
        if (!is_float(x.dtype())) return largest ? argmax(x, axis, keepdims) : argmin(x, axis, keepdims);
        Tensor in = without_nan(x, largest ? -INFINITY : INFINITY);
        Tensor found = largest ? argmax(in, axis, keepdims) : argmin(in, axis, keepdims);
        return where(all(isnan(x), axes, keepdims), -1, found);
      },
      Config::object({{"axis", axis}, {"keepdims", keepdims}}));
}

}  // namespace

Tensor amax(const Tensor& x, Axes axis, bool keepdims) { return max(x, std::move(axis), keepdims); }
Tensor amin(const Tensor& x, Axes axis, bool keepdims) { return min(x, std::move(axis), keepdims); }
Tensor max(const Tensor& x, Axes axis, bool keepdims, const Tensor& initial) {
  return composed_binary(
      "Max", x, initial,
      [=](const Tensor& x, const Tensor& initial) { return maximum(max(x, axis, keepdims), initial); },
      reduce_arguments(axis, keepdims));
}
Tensor min(const Tensor& x, Axes axis, bool keepdims, const Tensor& initial) {
  return composed_binary(
      "Min", x, initial,
      [=](const Tensor& x, const Tensor& initial) { return minimum(min(x, axis, keepdims), initial); },
      reduce_arguments(axis, keepdims));
}
Tensor ptp(const Tensor& x, Axes axis, bool keepdims) {
  return reduction("Ptp", x, axis, keepdims,
                   [=](const Tensor& x) { return subtract(max(x, axis, keepdims), min(x, axis, keepdims)); });
}

Tensor average(const Tensor& x, Axes axis, const Tensor& weights) {
  if (!weights) return mean(x, std::move(axis));
  return composed_binary(
      "Average", x, weights,
      [axis](const Tensor& x, const Tensor& weights) {
        Tensor in = to_float(x), w = to_dtype(weights, in.dtype());
        if (w.shape() != in.shape()) {
          if (axis.all() || axis.given().size() != 1 || w.rank() != 1)
            throw ValueError(
                "[average] weights must have the shape of x, or be a vector along one axis. Received: "
                "x.shape=" +
                x.shape().to_string() + ", weights.shape=" + w.shape().to_string());
          Shape along(List(in.rank(), 1));
          along[canonical_axis(axis.given()[0], in.rank(), "average")] = w.shape()[0];
          w = to_shape(reshape(w, along), in.shape());
        }
        return divide(sum(multiply(in, w), axis), sum(w, axis));
      },
      reduce_arguments(axis, false));
}

Tensor count_nonzero(const Tensor& x, Axes axis) {
  return reduction("CountNonzero", x, axis, false,
                   [=](const Tensor& x) { return sum(cast(cast(x, DType::boolean), DType::int32), axis); });
}

namespace {
// f over one axis that stands for several.
template <class F>
Tensor over_joined(const Tensor& x, const List& axis, const char* op, F f) {
  List axes = canonical_axes(axis, x.rank(), op), last;
  for (size_t i = 0; i < axes.size(); ++i) last.push_back(static_cast<int64_t>(i) - static_cast<int64_t>(axes.size()));
  Tensor moved = moveaxis(x, axes, last);
  Shape joined(List(moved.shape().begin(), moved.shape().end() - static_cast<int64_t>(axes.size())));
  joined.push_back(-1);
  return moveaxis(reshape(f(reshape(moved, joined)), moved.shape()), last, axes);
}
}  // namespace

Tensor softmax(const Tensor& x, std::vector<int64_t> axis) {
  return composed_unary(
      "Softmax", x,
      [axis](const Tensor& x) {
        return over_joined(x, axis, "softmax", [](const Tensor& x) { return softmax(x, int64_t{-1}); });
      },
      Config::object({{"axis", axis}}));
}
Tensor log_softmax(const Tensor& x, std::vector<int64_t> axis) {
  return composed_unary(
      "LogSoftmax", x,
      [axis](const Tensor& x) {
        return over_joined(x, axis, "log_softmax", [](const Tensor& x) { return log_softmax(x, int64_t{-1}); });
      },
      Config::object({{"axis", axis}}));
}

Tensor nansum(const Tensor& x, Axes axis, bool keepdims) {
  return reduction("Nansum", x, axis, keepdims,
                   [=](const Tensor& x) { return sum(without_nan(x, 0), axis, keepdims); });
}
Tensor nanprod(const Tensor& x, Axes axis, bool keepdims) {
  return reduction("Nanprod", x, axis, keepdims,
                   [=](const Tensor& x) { return prod(without_nan(x, 1), axis, keepdims); });
}
Tensor nanmean(const Tensor& x, Axes axis, bool keepdims) {
  return reduction("Nanmean", x, axis, keepdims,
                   [=](const Tensor& x) { return nan_mean(to_float(x), axis, keepdims); });
}
Tensor nanvar(const Tensor& x, Axes axis, bool keepdims) {
  return reduction("Nanvar", x, axis, keepdims, [=](const Tensor& x) {
    Tensor in = to_float(x), centred = subtract(in, nan_mean(in, axis, true));
    return nan_mean(multiply(centred, centred), axis, keepdims);
  });
}
Tensor nanstd(const Tensor& x, Axes axis, bool keepdims) {
  return reduction("Nanstd", x, axis, keepdims, [=](const Tensor& x) { return sqrt(nanvar(x, axis, keepdims)); });
}
Tensor nanmax(const Tensor& x, Axes axis, bool keepdims) {
  return reduction("Nanmax", x, axis, keepdims, [=](const Tensor& x) { return nan_extremum(x, axis, keepdims, true); });
}
Tensor nanmin(const Tensor& x, Axes axis, bool keepdims) {
  return reduction("Nanmin", x, axis, keepdims,
                   [=](const Tensor& x) { return nan_extremum(x, axis, keepdims, false); });
}
Tensor nanargmax(const Tensor& x, std::optional<int64_t> axis, bool keepdims) {
  return nan_arg("Nanargmax", x, axis, keepdims, true);
}
Tensor nanargmin(const Tensor& x, std::optional<int64_t> axis, bool keepdims) {
  return nan_arg("Nanargmin", x, axis, keepdims, false);
}

Tensor diff(const Tensor& a, int64_t n, int64_t axis) {
  if (n < 0) throw ValueError("[diff] n must not be negative. Received: n=" + std::to_string(n));
  return composed_unary(
      "Diff", a,
      [=](const Tensor& a) {
        int64_t along = canonical_axis(axis, a.rank(), "diff");
        Tensor y = trace::Trace::current()->lift(a);
        for (int64_t i = 0; i < n && y.shape()[along] > 0; ++i) {
          int64_t size = y.shape()[along];
          Tensor next = part(y, along, 1, size), here = part(y, along, 0, size - 1);
          y = y.dtype() == DType::boolean ? not_equal(next, here) : subtract(next, here);
        }
        return y;
      },
      Config::object({{"n", n}, {"axis", axis}}));
}

Tensor trapezoid(const Tensor& y, const Tensor& x, double dx, int64_t axis) {
  Xs all{y};
  if (x) all.push_back(x);
  return apply("Trapezoid", all, Config::object({{"dx", dx}, {"axis", axis}}), [=](const Xs& t) {
    Tensor in = to_float(t[0]);
    int64_t along = canonical_axis(axis, in.rank(), "trapezoid"), n = in.shape()[along];
    Tensor middle = multiply(add(part(in, along, 1, n), part(in, along, 0, n - 1)), 0.5);
    if (t.size() == 1) return multiply(sum(middle, along), dx);
    Tensor width = diff(to_dtype(t[1], in.dtype()), 1, t[1].rank() == 1 ? 0 : along);
    if (t[1].rank() == 1) {
      Shape shape(List(in.rank(), 1));
      shape[along] = n - 1;
      width = reshape(width, shape);
    }
    return sum(multiply(middle, width), along);
  });
}

Histogram histogram(const Tensor& x, int64_t bins, std::optional<std::pair<double, double>> range) {
  if (bins < 1) throw ValueError("[histogram] bins must be positive. Received: bins=" + std::to_string(bins));
  if (range && range->first > range->second)
    throw ValueError("[histogram] The range's first number must not be above its second. Received: range=(" +
                     std::to_string(range->first) + ", " + std::to_string(range->second) + ")");
  Xs both = apply_many("Histogram", {x}, Config::object({{"bins", bins}}), [=](const Xs& xs) {
    Tensor in = to_float(ravel(xs[0]));
    Tensor low = range ? to_dtype(range->first, in.dtype()) : min(in);
    Tensor high = range ? to_dtype(range->second, in.dtype()) : max(in);
    Tensor flat = equal(low, high);  // one value: half a unit to either side
    low = where(flat, subtract(low, 0.5), low);
    high = where(flat, add(high, 0.5), high);
    Tensor edges = linspace(low, high, bins + 1);
    Tensor lower = expand_dims(part(edges, 0, 0, bins), 1), upper = expand_dims(part(edges, 0, 1, bins + 1), 1);
    Tensor last = equal(iota({bins, 1}, 0), bins - 1);
    Tensor below = logical_or(less(in, upper), logical_and(last, equal(in, upper)));
    Tensor inside = logical_and(greater_equal(in, lower), below);
    return Xs{sum(cast(inside, in.dtype()), 1), edges};
  });
  return {both[0], both[1]};
}

Tensor psnr(const Tensor& x1, const Tensor& x2, const Tensor& max_val) {
  return apply("PSNR", {x1, x2, max_val}, Config::object(), [](const Xs& x) {
    if (x[0].shape() != x[1].shape())
      throw ValueError("Input shapes " + x[0].shape().to_string() + " and " + x[1].shape().to_string() +
                       " must match for PSNR calculation.");
    Tensor apart = subtract(to_float(x[0]), to_float(x[1]));
    return subtract(multiply(log10(to_dtype(x[2], apart.dtype())), 20),
                    multiply(log10(mean(multiply(apart, apart))), 10));
  });
}

}  // namespace hornbeam::ops
