#include "frontend/src/layers/resize.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/nn.h>
#include <hornbeam/ops/shape.h>

namespace hornbeam::layers {
namespace {

double sinc(double x) { return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x); }

double cubic(double x) {
  if (x >= 2) return 0;
  return x >= 1 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : (1.5 * x - 2.5) * x * x + 1;
}

// The weight of an element whose center is `x` >= 0 away, in elements.
double weight(const std::string& interpolation, double x) {
  if (interpolation == "bilinear") return std::max(0.0, 1 - x);
  if (interpolation == "bicubic") return cubic(x);
  double radius = interpolation == "lanczos3" ? 3 : 5;
  return x > radius ? 0 : sinc(x) * sinc(x / radius);
}

// [in, out]: how much each element counts for each new one.
Array weights(int64_t in, int64_t out, const std::string& interpolation, bool antialias) {
  Array matrix(DType::float32, Shape{in, out});
  const double scale = static_cast<double>(in) / static_cast<double>(out);
  const double width = antialias ? std::max(scale, 1.0) : 1.0;
  for (int64_t j = 0; j < out; ++j) {
    const double center = (static_cast<double>(j) + 0.5) * scale;
    if (interpolation == "nearest") {
      matrix.set(std::min(in - 1, static_cast<int64_t>(std::floor(center))) * out + j, 1);
      continue;
    }
    double total = 0;
    std::vector<double> column(in);
    if (interpolation == "area") {
      const double begin = static_cast<double>(j) * scale, end = begin + scale;
      for (int64_t i = 0; i < in; ++i) {
        double covered = std::min(end, static_cast<double>(i + 1)) - std::max(begin, static_cast<double>(i));
        matrix.set(i * out + j, std::max(0.0, covered) / scale);
      }
      continue;
    }
    for (int64_t i = 0; i < in; ++i)
      total += column[i] = weight(interpolation, std::abs(center - static_cast<double>(i) - 0.5) / width);
    for (int64_t i = 0; i < in; ++i) matrix.set(i * out + j, total == 0 ? 0 : column[i] / total);
  }
  return matrix;
}

}  // namespace

bool is_interpolation(const std::string& interpolation) {
  return interpolation == "nearest" || interpolation == "bilinear" || interpolation == "bicubic" ||
         interpolation == "lanczos3" || interpolation == "lanczos5";
}

std::string interpolation_names() { return "\"nearest\", \"bilinear\", \"bicubic\", \"lanczos3\", \"lanczos5\""; }

Tensor resize_axis(const Tensor& x, int64_t axis, int64_t size, const std::string& interpolation, bool antialias) {
  if (x.shape()[axis] == size && interpolation != "nearest") return x;
  Tensor matrix = ops::cast(weights(x.shape()[axis], size, interpolation, antialias), x.dtype());
  return ops::moveaxis(ops::tensordot(x, matrix, {axis}, {0}), -1, axis);
}

Tensor cropped_to_aspect(const Tensor& x, int64_t h, int64_t height, int64_t width) {
  const int64_t old_height = x.shape()[h], old_width = x.shape()[h + 1];
  int64_t new_height = std::clamp<int64_t>(old_width * height / width, 1, old_height);
  int64_t new_width = std::clamp<int64_t>(old_height * width / height, 1, old_width);
  int64_t top = (old_height - new_height) / 2, left = (old_width - new_width) / 2;
  return ops::slice_axis(ops::slice_axis(x, h, top, top + new_height), h + 1, left, left + new_width);
}

Tensor padded_to_aspect(const Tensor& x, int64_t h, int64_t height, int64_t width, double fill) {
  const int64_t old_height = x.shape()[h], old_width = x.shape()[h + 1];
  int64_t top = (std::max(old_height, old_width * height / width) - old_height) / 2;
  int64_t left = (std::max(old_width, old_height * width / height) - old_width) / 2;
  std::vector<std::pair<int64_t, int64_t>> amount(x.rank(), {0, 0});
  if (top > 0)
    amount[h] = {top, top};
  else if (left > 0)
    amount[h + 1] = {left, left};
  return ops::pad(x, amount, ops::cast(fill, x.dtype()));
}

}  // namespace hornbeam::layers
