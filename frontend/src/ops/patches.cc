// Cropping, bordering, patches and small filters of images.
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/image.h>
#include <hornbeam/ops/nn.h>
#include <hornbeam/ops/reduce.h>
#include <hornbeam/ops/shape.h>

#include <cmath>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops::image {
namespace {

using List = std::vector<int64_t>;
using Maybe = std::optional<int64_t>;

int64_t rows_axis(const Tensor& images, const std::string& data_format) {
  if (images.rank() != 3 && images.rank() != 4)
    throw ValueError(
        "Invalid images rank: expected rank 3 (single image) or rank 4 (batch of images). Received input with shape: "
        "images.shape=" +
        images.shape().to_string());
  return images.rank() - (data_format == "channels_first" ? 2 : 3);
}

// Of low + middle + high = whole, with the middle known or one of the ends; two of the three must be given.
struct Extent {
  int64_t low, middle, high;
};
Extent extent_of(Maybe low, Maybe middle, Maybe high, int64_t whole, const char* op) {
  if (!middle && low && high) middle = whole - *low - *high;
  if (!low && middle && high) low = whole - *middle - *high;
  if (!high && middle && low) high = whole - *middle - *low;
  if (!low || !middle || !high)
    throw ValueError(std::string("[") + op + "] Two of the two margins and the target size of an axis must be given.");
  if (*low < 0 || *high < 0 || *middle < 0 || *low + *middle + *high != whole)
    throw ValueError(std::string("[") + op + "] The margins and the target size do not fit an axis of " +
                     std::to_string(whole) + ". Received: " + std::to_string(*low) + ", " + std::to_string(*middle) +
                     ", " + std::to_string(*high));
  return {*low, *middle, *high};
}

// A batch of images with channels last, and whether the batch was added.
struct Batch {
  Tensor x;
  bool added;
};
Batch batch_of(const Tensor& images, int64_t rank, const std::string& data_format) {
  if (images.rank() != rank && images.rank() != rank - 1)
    throw ValueError("Invalid images rank: expected rank " + std::to_string(rank - 1) + " or " + std::to_string(rank) +
                     ". Received input with shape: images.shape=" + images.shape().to_string());
  bool added = images.rank() == rank - 1;
  Tensor x = added ? expand_dims(images, 0) : images;
  return {data_format == "channels_first" ? moveaxis(x, 1, -1) : x, added};
}
Tensor as_given(const Tensor& y, const Batch& batch, const std::string& data_format) {
  Tensor out = data_format == "channels_first" ? moveaxis(y, -1, 1) : y;
  return batch.added ? squeeze(out, 0) : out;
}

Tensor patches(const char* op, const Tensor& images, const List& given_size, const List& given_strides,
               int64_t dilation, const std::string& padding, const std::string& data_format, int64_t spatial) {
  Batch batch = batch_of(images, spatial + 2, data_format);
  List size = given_size.size() == 1 ? List(spatial, given_size[0]) : given_size;
  List strides = given_strides.empty()       ? size
                 : given_strides.size() == 1 ? List(spatial, given_strides[0])
                                             : given_strides;
  bool positive = static_cast<int64_t>(size.size()) == spatial && static_cast<int64_t>(strides.size()) == spatial;
  for (int64_t n : size) positive &= n > 0;
  for (int64_t n : strides) positive &= n > 0;
  if (!positive || dilation < 1)
    throw ValueError(std::string("[") + op + "] size, strides and dilation_rate must be positive. Received: size=" +
                     Shape(given_size).to_string() + ", strides=" + Shape(given_strides).to_string());
  if (padding != "valid" && padding != "same")
    throw ValueError(std::string("[") + op + "] padding must be \"valid\" or \"same\". Received: padding=" + padding);
  Tensor x = batch.x;
  std::vector<std::pair<int64_t, int64_t>> widths(x.rank(), {0, 0});
  List count;
  for (int64_t i = 0; i < spatial; ++i) {
    int64_t n = x.shape()[i + 1], reach = (size[i] - 1) * dilation + 1, total = 0;
    if (padding == "same")
      total = std::max<int64_t>(0, ((n + strides[i] - 1) / strides[i] - 1) * strides[i] + reach - n);
    widths[i + 1] = {total / 2, total - total / 2};
    if (n + total < reach)
      throw ValueError(std::string("[") + op + "] A patch does not fit. Received: images.shape=" +
                       images.shape().to_string() + ", size=" + Shape(given_size).to_string());
    count.push_back((n + total - reach) / strides[i] + 1);
  }
  x = pad(x, widths);
  // All places of a patch, the channels of each together.
  int64_t places = 1;
  for (int64_t n : size) places *= n;
  std::vector<Tensor> parts;
  for (int64_t place = 0; place < places; ++place) {
    Tensor y = x;
    int64_t rest = place;
    for (int64_t i = spatial - 1; i >= 0; --i) {
      int64_t at = rest % size[i] * dilation;
      rest /= size[i];
      y = part(y, i + 1, at, at + (count[i] - 1) * strides[i] + 1, strides[i]);
    }
    parts.push_back(y);
  }
  return as_given(concatenate(parts, -1), batch, data_format);
}

// A filter [rows, columns] on every channel by itself; x is a batch with channels last.
Tensor filtered(const Tensor& x, const Tensor& kernel, const std::string& padding) {
  int64_t channels = x.shape()[-1], rows = kernel.shape()[0], columns = kernel.shape()[1];
  Tensor each = to_shape(reshape(kernel, {rows, columns, 1, 1}), {rows, columns, channels, 1});
  return depthwise_conv(x, each, {1}, padding, "channels_last");
}

Tensor gaussian(int64_t size, double sigma, DType dtype) {
  Array values(DType::float64, {size});
  double total = 0;
  for (int64_t i = 0; i < size; ++i) {
    double at = static_cast<double>(i) - static_cast<double>(size - 1) / 2;
    values.set(i, std::exp(-0.5 * at * at / (sigma * sigma)));
    total += values.get(i);
  }
  for (int64_t i = 0; i < size; ++i) values.set(i, values.get(i) / total);
  return to_dtype(Tensor(values), dtype);
}

}  // namespace

Tensor crop_images(const Tensor& images, const Margins& margins, const std::string& data_format) {
  return composed_unary(
      "CropImages", images,
      [=](const Tensor& images) {
        int64_t rows = rows_axis(images, data_format);
        Extent v = extent_of(margins.top, margins.target_height, margins.bottom, images.shape()[rows], "crop_images");
        Extent h =
            extent_of(margins.left, margins.target_width, margins.right, images.shape()[rows + 1], "crop_images");
        return part(part(images, rows, v.low, v.low + v.middle), rows + 1, h.low, h.low + h.middle);
      },
      Config::object({{"data_format", data_format}}));
}

Tensor pad_images(const Tensor& images, const Margins& margins, const std::string& data_format) {
  return composed_unary(
      "PadImages", images,
      [=](const Tensor& images) {
        int64_t rows = rows_axis(images, data_format);
        auto extent = [&](Maybe low, Maybe high, Maybe target, int64_t n) {
          int64_t whole = target.value_or(low.value_or(0) + n + high.value_or(0));
          if (!target && (!low || !high))
            throw ValueError("[pad_images] Two of the two margins and the target size of an axis must be given.");
          return extent_of(low, n, high, whole, "pad_images");
        };
        Extent v = extent(margins.top, margins.bottom, margins.target_height, images.shape()[rows]);
        Extent h = extent(margins.left, margins.right, margins.target_width, images.shape()[rows + 1]);
        std::vector<std::pair<int64_t, int64_t>> widths(images.rank(), {0, 0});
        widths[rows] = {v.low, v.high};
        widths[rows + 1] = {h.low, h.high};
        return pad(images, widths);
      },
      Config::object({{"data_format", data_format}}));
}

Tensor extract_patches(const Tensor& images, std::vector<int64_t> size, std::vector<int64_t> strides,
                       int64_t dilation_rate, const std::string& padding, const std::string& data_format) {
  return composed_unary(
      "ExtractPatches", images,
      [=](const Tensor& images) {
        return patches("extract_patches", images, size, strides, dilation_rate, padding, data_format, 2);
      },
      Config::object({{"size", size}, {"strides", strides}, {"dilation_rate", dilation_rate}, {"padding", padding}}));
}
Tensor extract_patches_3d(const Tensor& volumes, std::vector<int64_t> size, std::vector<int64_t> strides,
                          int64_t dilation_rate, const std::string& padding, const std::string& data_format) {
  return composed_unary(
      "ExtractPatches3D", volumes,
      [=](const Tensor& volumes) {
        return patches("extract_patches_3d", volumes, size, strides, dilation_rate, padding, data_format, 3);
      },
      Config::object({{"size", size}, {"strides", strides}, {"dilation_rate", dilation_rate}, {"padding", padding}}));
}

Tensor gaussian_blur(const Tensor& images, std::pair<int64_t, int64_t> kernel_size, std::pair<double, double> sigma,
                     const std::string& data_format) {
  if (kernel_size.first < 1 || kernel_size.second < 1 || sigma.first <= 0 || sigma.second <= 0)
    throw ValueError("[gaussian_blur] kernel_size and sigma must be positive.");
  return composed_unary(
      "GaussianBlur", images,
      [=](const Tensor& images) {
        Batch batch = batch_of(images, 4, data_format);
        Tensor x = to_float(batch.x);
        Tensor kernel = multiply(expand_dims(gaussian(kernel_size.second, sigma.second, x.dtype()), 1),
                                 expand_dims(gaussian(kernel_size.first, sigma.first, x.dtype()), 0));
        return to_dtype(as_given(filtered(x, kernel, "same"), batch, data_format), images.dtype());
      },
      Config::object({{"data_format", data_format}}));
}

Tensor sobel_edges(const Tensor& images, const std::string& data_format) {
  return composed_unary(
      "SobelEdges", images,
      [=](const Tensor& images) {
        Batch batch = batch_of(images, 4, data_format);
        Tensor x = pad(to_float(batch.x), {{0, 0}, {1, 1}, {1, 1}, {0, 0}}, "reflect");
        Tensor down = to_dtype(Tensor(Array::of<float>({3, 3}, {-1, -2, -1, 0, 0, 0, 1, 2, 1})), x.dtype());
        auto edges = [&](const Tensor& kernel) {
          return expand_dims(as_given(filtered(x, kernel, "valid"), batch, data_format), -1);
        };
        return concatenate({edges(down), edges(transpose(down))}, -1);
      },
      Config::object({{"data_format", data_format}}));
}

Tensor ssim(const Tensor& x1, const Tensor& x2, const SsimOptions& o) {
  return composed_binary(
      "SSIM", x1, x2,
      [o](const Tensor& x1, const Tensor& x2) {
        if (x1.shape() != x2.shape())
          throw ValueError("[ssim] Both images must have one shape. Received: " + x1.shape().to_string() + " and " +
                           x2.shape().to_string());
        Batch first = batch_of(to_float(x1), 4, o.data_format), second = batch_of(to_float(x2), 4, o.data_format);
        Tensor a = first.x, b = second.x, line = gaussian(o.filter_size, o.filter_sigma, a.dtype());
        Tensor kernel = multiply(expand_dims(line, 1), expand_dims(line, 0));
        auto blur = [&](const Tensor& x) { return filtered(x, kernel, "valid"); };
        double c1 = o.k1 * o.max_value * o.k1 * o.max_value, c2 = o.k2 * o.max_value * o.k2 * o.max_value;
        Tensor mean_a = blur(a), mean_b = blur(b), ab = multiply(mean_a, mean_b);
        Tensor squares = add(multiply(mean_a, mean_a), multiply(mean_b, mean_b));
        Tensor luminance = divide(add(multiply(ab, 2), c1), add(squares, c1));
        Tensor covariance = subtract(multiply(blur(multiply(a, b)), 2), multiply(ab, 2));
        Tensor variances = subtract(blur(add(multiply(a, a), multiply(b, b))), squares);
        Tensor structure = divide(add(covariance, c2), add(variances, c2));
        Tensor result = mean(multiply(luminance, structure), {1, 2, 3});
        return first.added ? squeeze(result, 0) : result;
      },
      Config::object({{"filter_size", o.filter_size}, {"max_val", o.max_value}}));
}

}  // namespace hornbeam::ops::image
