// Images at computed places: every neighbor of a place is taken by its index and weighted.
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/image.h>
#include <hornbeam/ops/shape.h>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops::image {
namespace {

using Xs = std::vector<Tensor>;
using List = std::vector<int64_t>;

void check_mode(const std::string& fill_mode) {
  if (fill_mode != "constant" && fill_mode != "nearest" && fill_mode != "wrap" && fill_mode != "mirror" &&
      fill_mode != "reflect")
    throw ValueError(
        "Invalid value for argument `fill_mode`. Expected one of 'constant', 'nearest', 'wrap', 'mirror', 'reflect'. "
        "Received: fill_mode=" +
        fill_mode);
}

// A neighbor along one axis: its index, how much it counts, and whether it lies inside (if that matters).
struct Neighbor {
  Tensor index, weight, inside;
};

// The index that stands in for one beyond the ends of an axis of n.
Tensor folded(const Tensor& index, int64_t n, const std::string& mode) {
  if (mode == "wrap") return mod(index, n);
  if (mode == "reflect") {  // … 1 0 | 0 1 …
    Tensor at = mod(index, 2 * n);
    return minimum(at, subtract(2 * n - 1, at));
  }
  if (mode == "mirror") {  // … 2 1 | 0 1 2 …
    if (n == 1) return zeros_like(index);
    Tensor at = mod(index, 2 * n - 2);
    return minimum(at, subtract(2 * n - 2, at));
  }
  return minimum(maximum(index, 0), n - 1);
}

std::vector<Neighbor> neighbors(const Tensor& place, int64_t n, int64_t order, const std::string& mode) {
  std::vector<Neighbor> all;
  auto push = [&](const Tensor& index, const Tensor& weight) {
    Tensor inside;
    if (mode == "constant") inside = logical_and(greater_equal(index, 0), less(index, n));
    all.push_back({folded(index, n, mode), weight, inside});
  };
  if (order == 0) {
    Tensor below = less(place, 0), size = floor(add(abs(place), 0.5));  // halves away from zero
    push(cast(where(below, negative(size), size), DType::int32), {});
    return all;
  }
  Tensor low = floor(place), upper = subtract(place, low), index = cast(low, DType::int32);
  push(index, subtract(1, upper));
  push(add(index, 1), upper);
  return all;
}

// rows [R, C]; for each place the weighted sum of rows[base + sum of index * stride] over all combinations of
// neighbors.
Tensor sampled(const Tensor& rows, const Tensor& base, const std::vector<std::vector<Neighbor>>& axes,
               const List& strides, const Tensor& fill_value) {
  Tensor total;
  size_t combinations = 1;
  for (const auto& axis : axes) combinations *= axis.size();
  for (size_t number = 0; number < combinations; ++number) {
    Tensor index = base, weight, inside;
    size_t rest = number;
    for (size_t axis = 0; axis < axes.size(); ++axis) {
      const Neighbor& neighbor = axes[axis][rest % axes[axis].size()];
      rest /= axes[axis].size();
      Tensor step = multiply(neighbor.index, strides[axis]);
      index = index ? add(index, step) : step;
      if (neighbor.weight) weight = weight ? multiply(weight, neighbor.weight) : neighbor.weight;
      if (neighbor.inside) inside = inside ? logical_and(inside, neighbor.inside) : neighbor.inside;
    }
    Tensor value = trace::emit("take", {rows, index}, {{"axis", int64_t{0}}});  // places + [C]
    if (inside) value = where(expand_dims(inside, -1), value, fill_value);
    if (weight) value = multiply(value, expand_dims(weight, -1));
    total = total ? add(total, value) : value;
  }
  return total;
}

}  // namespace

Tensor map_coordinates(const Tensor& inputs, const std::vector<Tensor>& coordinates, int64_t order,
                       const std::string& fill_mode, double fill_value) {
  check_mode(fill_mode);
  if (order != 0 && order != 1)
    throw ValueError("[map_coordinates] order must be 0 or 1. Received: order=" + std::to_string(order));
  if (static_cast<int64_t>(coordinates.size()) != inputs.rank() || coordinates.empty())
    throw ValueError("[map_coordinates] There must be one tensor of coordinates for each of the " +
                     std::to_string(inputs.rank()) + " axes. Received: " + std::to_string(coordinates.size()));
  Xs all{inputs};
  all.insert(all.end(), coordinates.begin(), coordinates.end());
  return apply("MapCoordinates", all, Config::object({{"order", order}, {"fill_mode", fill_mode}}), [=](const Xs& t) {
    const Shape& shape = t[0].shape();
    Tensor x = to_float(t[0]);
    List strides(shape.size(), 1);
    for (int64_t i = shape.rank() - 2; i >= 0; --i) strides[i] = strides[i + 1] * shape[i + 1];
    std::vector<std::vector<Neighbor>> axes;
    for (int64_t i = 0; i < shape.rank(); ++i)
      axes.push_back(neighbors(to_dtype(t[i + 1], x.dtype()), shape[i], order, fill_mode));
    Tensor y = squeeze(sampled(reshape(x, {-1, 1}), {}, axes, strides, fill_value), -1);
    return is_float(t[0].dtype()) ? y : to_dtype(round(y), t[0].dtype());
  });
}

Tensor affine_transform(const Tensor& images, const Tensor& transform, const std::string& interpolation,
                        const std::string& fill_mode, double fill_value, const std::string& data_format) {
  check_mode(fill_mode);
  if (interpolation != "nearest" && interpolation != "bilinear")
    throw ValueError(
        "Invalid value for argument `interpolation`. Expected one of 'nearest', 'bilinear'. Received: interpolation=" +
        interpolation);
  Config arguments =
      Config::object({{"interpolation", interpolation}, {"fill_mode", fill_mode}, {"data_format", data_format}});
  return composed_binary(
      "AffineTransform", images, transform,
      [=](const Tensor& images, const Tensor& transform) {
        bool single = images.rank() == 3, first = data_format == "channels_first";
        if ((!single && images.rank() != 4) || transform.rank() != images.rank() - 2 || transform.shape()[-1] != 8)
          throw ValueError(
              "[affine_transform] images must have 3 axes and transform 8 numbers, or 4 axes and [N, 8]. Received: "
              "images.shape=" +
              images.shape().to_string() + ", transform.shape=" + transform.shape().to_string());
        Tensor x = to_float(single ? expand_dims(images, 0) : images);
        if (first) x = moveaxis(x, 1, -1);
        Tensor matrix = to_dtype(single ? expand_dims(transform, 0) : transform, x.dtype());
        int64_t n = x.shape()[0], height = x.shape()[1], width = x.shape()[2], channels = x.shape()[3];
        auto number = [&](int64_t i) { return reshape(part(matrix, 1, i, i + 1), {n, 1, 1}); };
        Tensor row = iota({1, height, 1}, 1, x.dtype()), column = iota({1, 1, width}, 2, x.dtype());
        auto along = [&](int64_t i) { return add(multiply(number(i), column), multiply(number(i + 1), row)); };
        Tensor scale = add(along(6), 1);
        Tensor from_column = divide(add(along(0), number(2)), scale),
               from_row = divide(add(along(3), number(5)), scale);
        int64_t order = interpolation == "bilinear";
        std::vector<std::vector<Neighbor>> axes{neighbors(from_row, height, order, fill_mode),
                                                neighbors(from_column, width, order, fill_mode)};
        Tensor base = multiply(iota({n, 1, 1}, 0), height * width);
        Tensor y = sampled(reshape(x, {n * height * width, channels}), base, axes, {width, 1}, fill_value);
        if (!is_float(images.dtype())) y = to_dtype(round(y), images.dtype());
        if (first) y = moveaxis(y, -1, 1);
        return single ? squeeze(y, 0) : y;
      },
      arguments);
}

}  // namespace hornbeam::ops::image
