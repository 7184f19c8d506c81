// Images moved by scales and by four points.
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/image.h>
#include <hornbeam/ops/linalg.h>
#include <hornbeam/ops/math.h>
#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/nn.h>
#include <hornbeam/ops/reduce.h>
#include <hornbeam/ops/shape.h>

#include "frontend/src/ops/compose.h"
#include "frontend/src/ops/filters.h"

namespace hornbeam::ops::image {
namespace {

using Xs = std::vector<Tensor>;
using List = std::vector<int64_t>;

// The filters of filters.h at distances that are computed.
Tensor filter_at(Filter filter, const Tensor& x) {
  switch (filter) {
    case Filter::linear: return maximum(subtract(1, x), 0);
    case Filter::cubic: {
      Tensor square = multiply(x, x), cube = multiply(square, x);
      Tensor near = add(subtract(multiply(cube, 1.5), multiply(square, 2.5)), 1);
      Tensor far = add(subtract(subtract(multiply(square, 2.5), multiply(cube, 0.5)), multiply(x, 4)), 2);
      return where(less_equal(x, 1), near, where(less(x, 2), far, 0));
    }
    default: {
      double radius = filter == Filter::lanczos3 ? 3 : 5;
      return where(less_equal(x, radius), multiply(sinc(x), sinc(divide(x, radius))), 0);
    }
  }
}

// [n, size], as filter_weights of filters.h.
Tensor weights_of(Filter filter, int64_t n, int64_t size, const Tensor& scale, const Tensor& translation,
                  bool antialias) {
  DType dtype = scale.dtype();
  Tensor step = divide(1, scale), width = antialias ? maximum(step, 1) : ones_like(step);
  Tensor center = subtract(multiply(subtract(add(iota({1, size}, 1, dtype), 0.5), translation), step), 0.5);
  Tensor weights = filter_at(filter, divide(abs(subtract(center, iota({n, 1}, 0, dtype))), width));
  Tensor total = sum(weights, 0, true), counts = greater(abs(total), 1e-4);
  Tensor inside = logical_and(greater_equal(center, -0.5), less_equal(center, static_cast<double>(n) - 0.5));
  return where(logical_and(inside, counts), divide(weights, where(counts, total, 1)), 0);
}

// The eight numbers of affine_transform that take end_points to start_points: [N, 4, 2] both.
Tensor homography(const Tensor& start, const Tensor& end) {
  int64_t n = start.shape()[0];
  Tensor place = concatenate({end, ones({n, 4, 1}, end.dtype())}, 2), none = zeros_like(place);
  auto row = [&](int64_t coordinate) {
    Tensor from = part(start, 2, coordinate, coordinate + 1), bent = negative(multiply(from, end));
    return expand_dims(concatenate(coordinate == 0 ? Xs{place, none, bent} : Xs{none, place, bent}, 2), 2);
  };
  Tensor equations = reshape(concatenate({row(0), row(1)}, 2), {n, 8, 8});
  return solve(equations, reshape(start, {n, 8}));
}

}  // namespace

Tensor scale_and_translate(const Tensor& images, const Shape& output_shape, const Tensor& scale,
                           const Tensor& translation, std::vector<int64_t> spatial_dims, const std::string& method,
                           bool antialias) {
  Filter filter = filter_named(method);
  Config arguments = Config::object(
      {{"output_shape", output_shape}, {"spatial_dims", spatial_dims}, {"method", method}, {"antialias", antialias}});
  return apply("ScaleAndTranslate", {images, scale, translation}, arguments, [=](const Xs& t) {
    int64_t count = static_cast<int64_t>(spatial_dims.size());
    if (output_shape.rank() != t[0].rank() || t[1].shape() != Shape{count} || t[2].shape() != Shape{count})
      throw ValueError(
          "[scale_and_translate] output_shape must have one size an axis, scale and translation one number "
          "for each of spatial_dims. Received: images.shape=" +
          t[0].shape().to_string() + ", output_shape=" + output_shape.to_string() +
          ", scale.shape=" + t[1].shape().to_string());
    Tensor x = to_float(t[0]), factors = to_dtype(t[1], x.dtype()), offsets = to_dtype(t[2], x.dtype());
    for (int64_t i = 0; i < count; ++i) {
      int64_t axis = canonical_axis(spatial_dims[i], x.rank(), "scale_and_translate");
      auto number = [&](const Tensor& v) { return reshape(part(v, 0, i, i + 1), {}); };
      Tensor weights =
          weights_of(filter, x.shape()[axis], output_shape[axis], number(factors), number(offsets), antialias);
      x = moveaxis(tensordot(x, weights, {axis}, {0}), -1, axis);
    }
    return is_float(t[0].dtype()) ? x : saturate_cast(round(x), t[0].dtype());
  });
}

Tensor perspective_transform(const Tensor& images, const Tensor& start_points, const Tensor& end_points,
                             const std::string& interpolation, double fill_value, const std::string& data_format) {
  Config arguments = Config::object({{"interpolation", interpolation}, {"data_format", data_format}});
  return apply("PerspectiveTransform", {images, start_points, end_points}, arguments, [=](const Xs& t) {
    bool single = t[0].rank() == 3;
    Tensor x = single ? expand_dims(t[0], 0) : t[0];
    int64_t n = x.shape()[0];
    auto points = [&](const Tensor& given, const char* name) {
      Tensor p = given.rank() == 2 ? expand_dims(given, 0) : given;
      if (p.rank() != 3 || p.shape()[1] != 4 || p.shape()[2] != 2 || (p.shape()[0] != n && p.shape()[0] != 1))
        throw ValueError(std::string("Invalid ") + name +
                         " shape: expected (4,2) for a single image or (N,4,2) for a batch. Received shape: " +
                         given.shape().to_string());
      return to_shape(to_float(p), {n, 4, 2});
    };
    Tensor transform = homography(points(t[1], "start_points"), points(t[2], "end_points"));
    Tensor y = affine_transform(x, transform, interpolation, "constant", fill_value, data_format);
    return single ? squeeze(y, 0) : y;
  });
}

}  // namespace hornbeam::ops::image
