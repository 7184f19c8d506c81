// Filters: triangle, R. Keys' cubic (a = -1/2), Lanczos' windowed sinc.
#include "frontend/src/ops/filters.h"

#include <hornbeam/base/error.h>

#include <cmath>

namespace hornbeam::ops {
namespace {

double lanczos(double x, double radius) {
  if (x > radius) return 0;
  if (x < 1e-3) return 1;  // the series' first term is exact enough
  return radius * std::sin(M_PI * x) * std::sin(M_PI * x / radius) / (M_PI * M_PI * x * x);
}

double value(Filter filter, double x) {
  switch (filter) {
    case Filter::linear: return std::max(0.0, 1 - x);
    case Filter::cubic:
      if (x <= 1) return ((1.5 * x - 2.5) * x) * x + 1;
      return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
    case Filter::lanczos3: return lanczos(x, 3);
    case Filter::lanczos5: return lanczos(x, 5);
  }
  return 0;
}

}  // namespace

Filter filter_named(const std::string& interpolation) {
  if (interpolation == "bilinear" || interpolation == "linear") return Filter::linear;
  if (interpolation == "bicubic" || interpolation == "cubic") return Filter::cubic;
  if (interpolation == "lanczos3") return Filter::lanczos3;
  if (interpolation == "lanczos5") return Filter::lanczos5;
  throw ValueError(
      "Invalid value for argument `interpolation`. Expected one of 'nearest', 'bilinear', 'bicubic', 'lanczos3', "
      "'lanczos5'. Received: interpolation=" +
      interpolation);
}

std::vector<double> filter_weights(Filter filter, int64_t n, int64_t size, double scale, double translation,
                                   bool antialias) {
  std::vector<double> weights(static_cast<size_t>(n * size), 0.0);
  double step = 1 / scale, width = antialias ? std::max(step, 1.0) : 1.0;
  for (int64_t j = 0; j < size; ++j) {
    double center = (static_cast<double>(j) + 0.5) * step - translation * step - 0.5;
    if (center < -0.5 || center > static_cast<double>(n) - 0.5) continue;
    double total = 0;
    for (int64_t i = 0; i < n; ++i)
      total += weights[i * size + j] = value(filter, std::abs(center - static_cast<double>(i)) / width);
    for (int64_t i = 0; i < n; ++i) weights[i * size + j] /= total;
  }
  return weights;
}

}  // namespace hornbeam::ops
