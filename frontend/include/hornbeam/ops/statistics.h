// Statistics and other summaries; names and arguments as keras.ops. A method that skips NaN begins with nan.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <hornbeam/ops/axes.h>
#include <hornbeam/tensor.h>

namespace hornbeam::ops {

Tensor amax(const Tensor& x, Axes axis = {}, bool keepdims = false);
Tensor amin(const Tensor& x, Axes axis = {}, bool keepdims = false);
// At least (at most) `initial`, which is also the result of nothing.
Tensor max(const Tensor& x, Axes axis, bool keepdims, const Tensor& initial);
Tensor min(const Tensor& x, Axes axis, bool keepdims, const Tensor& initial);
Tensor ptp(const Tensor& x, Axes axis = {}, bool keepdims = false);           // max - min
Tensor average(const Tensor& x, Axes axis = {}, const Tensor& weights = {});  // weights of x's shape, or along one axis
Tensor count_nonzero(const Tensor& x, Axes axis = {});                        // int32
// softmax over several axes at once.
Tensor softmax(const Tensor& x, std::vector<int64_t> axis);
Tensor log_softmax(const Tensor& x, std::vector<int64_t> axis);

Tensor median(const Tensor& x, Axes axis = {}, bool keepdims = false);
// q in [0, 1], a scalar or a vector (whose axis comes first in the result). method "linear", "lower", "higher",
// "midpoint" or "nearest": what lies between two elements.
Tensor quantile(const Tensor& x, const Tensor& q, Axes axis = {}, const std::string& method = "linear",
                bool keepdims = false);
Tensor percentile(const Tensor& x, const Tensor& q, Axes axis = {}, const std::string& method = "linear",
                  bool keepdims = false);  // q in [0, 100]

// Of nothing but NaN: 0 (sum), 1 (prod), NaN (the others), -1 (nanargmax, nanargmin).
Tensor nansum(const Tensor& x, Axes axis = {}, bool keepdims = false);
Tensor nanprod(const Tensor& x, Axes axis = {}, bool keepdims = false);
Tensor nanmean(const Tensor& x, Axes axis = {}, bool keepdims = false);
Tensor nanvar(const Tensor& x, Axes axis = {}, bool keepdims = false);
Tensor nanstd(const Tensor& x, Axes axis = {}, bool keepdims = false);
Tensor nanmax(const Tensor& x, Axes axis = {}, bool keepdims = false);
Tensor nanmin(const Tensor& x, Axes axis = {}, bool keepdims = false);
Tensor nanmedian(const Tensor& x, Axes axis = {}, bool keepdims = false);
Tensor nanquantile(const Tensor& x, const Tensor& q, Axes axis = {}, const std::string& method = "linear",
                   bool keepdims = false);
Tensor nanpercentile(const Tensor& x, const Tensor& q, Axes axis = {}, const std::string& method = "linear",
                     bool keepdims = false);
Tensor nanargmax(const Tensor& x, std::optional<int64_t> axis = {}, bool keepdims = false);
Tensor nanargmin(const Tensor& x, std::optional<int64_t> axis = {}, bool keepdims = false);

Tensor diff(const Tensor& a, int64_t n = 1, int64_t axis = -1);  // n times the differences of neighbors
// The integral of y by the trapezoidal rule: points `dx` apart, or at `x` (y's shape, or along the axis).
Tensor trapezoid(const Tensor& y, const Tensor& x = {}, double dx = 1.0, int64_t axis = -1);
struct Histogram {
  Tensor counts, edges;
};
// Counts in bins of equal width over [low, high] (x's least and greatest element by default); the last bin has both
// edges.
Histogram histogram(const Tensor& x, int64_t bins = 10, std::optional<std::pair<double, double>> range = {});
// Peak signal-to-noise ratio in dB.
Tensor psnr(const Tensor& x1, const Tensor& x2, const Tensor& max_val);

}  // namespace hornbeam::ops
