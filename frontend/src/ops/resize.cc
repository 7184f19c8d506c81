// image.resize: each axis is a product with a matrix of filter weights, known when the program is built.
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/image.h>
#include <hornbeam/ops/math.h>
#include <hornbeam/ops/nn.h>
#include <hornbeam/ops/shape.h>

#include <cmath>
#include <limits>

#include "frontend/src/ops/compose.h"
#include "frontend/src/ops/filters.h"

namespace hornbeam::ops::image {
namespace {

using List = std::vector<int64_t>;

Tensor nearest(const Tensor& x, int64_t axis, int64_t size) {
  int64_t n = x.shape()[axis];
  List places;
  for (int64_t i = 0; i < size; ++i) {
    double at = (static_cast<double>(i) + 0.5) * static_cast<double>(n) / static_cast<double>(size);
    places.push_back(std::min<int64_t>(static_cast<int64_t>(std::floor(at)), n - 1));
  }
  return take(x, indices(places), axis);
}

// [n, size]: how much of what a new pixel covers each old one is.
std::vector<double> area_weights(int64_t n, int64_t size) {
  std::vector<double> weights(static_cast<size_t>(n * size), 0.0);
  const double step = static_cast<double>(n) / static_cast<double>(size);
  for (int64_t j = 0; j < size; ++j) {
    const double begin = static_cast<double>(j) * step, end = begin + step;
    for (int64_t i = 0; i < n; ++i) {
      double covered = std::min(end, static_cast<double>(i + 1)) - std::max(begin, static_cast<double>(i));
      weights[i * size + j] = std::max(0.0, covered) / step;
    }
  }
  return weights;
}

Tensor resize_axis(const Tensor& x, int64_t axis, int64_t size, const ResizeOptions& options) {
  int64_t n = x.shape()[axis];
  if (options.interpolation == "nearest") return n == size ? x : nearest(x, axis, size);
  if (n == size) return x;
  double scale = static_cast<double>(size) / static_cast<double>(n);
  Array weights(DType::float32, {n, size});
  std::vector<double> columns = options.interpolation == "area" ? area_weights(n, size)
                                                                : filter_weights(filter_named(options.interpolation), n,
                                                                                 size, scale, 0.0, options.antialias);
  for (int64_t i = 0; i < n * size; ++i) weights.set(i, columns[i]);
  return moveaxis(tensordot(x, to_dtype(Tensor(weights), x.dtype()), {axis}, {0}), -1, axis);
}

// The middle part with the proportions of the target.
Tensor cropped(const Tensor& x, int64_t rows_axis, int64_t target_height, int64_t target_width) {
  int64_t height = x.shape()[rows_axis], width = x.shape()[rows_axis + 1];
  int64_t crop_height = std::max<int64_t>(std::min(height, width * target_height / target_width), 1);
  int64_t crop_width = std::max<int64_t>(std::min(width, height * target_width / target_height), 1);
  int64_t top = (height - crop_height) / 2, left = (width - crop_width) / 2;
  return part(part(x, rows_axis, top, top + crop_height), rows_axis + 1, left, left + crop_width);
}
// With a border that gives the proportions of the target (up to a pixel): the same on both sides.
Tensor bordered(const Tensor& x, int64_t rows_axis, int64_t target_height, int64_t target_width, double fill_value) {
  int64_t height = x.shape()[rows_axis], width = x.shape()[rows_axis + 1];
  int64_t top = (std::max(height, width * target_height / target_width) - height) / 2;
  int64_t left = (std::max(width, height * target_width / target_height) - width) / 2;
  if (top > 0) left = 0;
  std::vector<std::pair<int64_t, int64_t>> widths(x.rank(), {0, 0});
  widths[rows_axis] = {top, top};
  widths[rows_axis + 1] = {left, left};
  return pad(x, widths, fill_value);
}

}  // namespace

Tensor resize(const Tensor& images, std::pair<int64_t, int64_t> size, const ResizeOptions& options) {
  const std::string& interpolation = options.interpolation;
  if (interpolation != "nearest" && interpolation != "area") filter_named(interpolation);
  if (options.crop_to_aspect_ratio && options.pad_to_aspect_ratio)
    throw ValueError("Only one of `pad_to_aspect_ratio` & `crop_to_aspect_ratio` can be `True`.");
  if (size.first < 1 || size.second < 1)
    throw ValueError("[resize] size must be positive. Received: size=(" + std::to_string(size.first) + ", " +
                     std::to_string(size.second) + ")");
  Config arguments = Config::object({{"size", Config::array({size.first, size.second})},
                                     {"interpolation", interpolation},
                                     {"antialias", options.antialias},
                                     {"crop_to_aspect_ratio", options.crop_to_aspect_ratio},
                                     {"pad_to_aspect_ratio", options.pad_to_aspect_ratio},
                                     {"fill_value", options.fill_value},
                                     {"data_format", options.data_format}});
  return composed_unary(
      "Resize", images,
      [=](const Tensor& images) {
        if (images.rank() != 3 && images.rank() != 4)
          throw ValueError(
              "Invalid images rank: expected rank 3 (single image) or rank 4 (batch of images). Received input with "
              "shape: images.shape=" +
              images.shape().to_string());
        int64_t rows_axis = images.rank() - (options.data_format == "channels_first" ? 2 : 3);
        DType dtype = images.dtype();
        bool exact = interpolation == "nearest" || dtype == DType::float32 || dtype == DType::float64;
        Tensor x = exact ? images : to_dtype(images, DType::float32);
        if (options.crop_to_aspect_ratio) x = cropped(x, rows_axis, size.first, size.second);
        if (options.pad_to_aspect_ratio) x = bordered(x, rows_axis, size.first, size.second, options.fill_value);
        x = resize_axis(x, rows_axis, size.first, options);
        x = resize_axis(x, rows_axis + 1, size.second, options);
        if (exact) return trace::Trace::current()->lift(x);
        return is_float(dtype) ? to_dtype(x, dtype) : saturate_cast(round(x), dtype);
      },
      arguments);
}

}  // namespace hornbeam::ops::image
