// Adaptive pooling, axis by axis; unfold and fold, one place of the window after the other.
#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/nn.h>
#include <hornbeam/ops/reduce.h>
#include <hornbeam/ops/shape.h>
#include <hornbeam/ops/windows.h>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {
namespace {

using List = std::vector<int64_t>;

// The part [first, last) of an axis of n that result i of `size` is over.
struct Range {
  int64_t first, last;
};
Range range_of(int64_t i, int64_t n, int64_t size) { return {i * n / size, ((i + 1) * n + size - 1) / size}; }

Tensor pool_axis(const Tensor& x, int64_t axis, int64_t size, bool largest) {
  int64_t n = x.shape()[axis];
  if (n == size) return x;
  if (!largest) {
    Array weights(DType::float32, {n, size});
    for (int64_t i = 0; i < size; ++i) {
      Range range = range_of(i, n, size);
      for (int64_t j = range.first; j < range.last; ++j)
        weights.set(j * size + i, 1.0 / static_cast<double>(range.last - range.first));
    }
    Tensor pooled = tensordot(x, to_dtype(Tensor(weights), x.dtype()), {axis}, {0});
    return moveaxis(pooled, -1, axis);
  }
  if (n % size == 0) {  // equal windows side by side
    Shape split = x.shape();
    split[axis] = size;
    List dims = split.dims();
    dims.insert(dims.begin() + axis + 1, n / size);
    return max(reshape(x, Shape(dims)), axis + 1);
  }
  std::vector<Tensor> parts;
  for (int64_t i = 0; i < size; ++i) {
    Range range = range_of(i, n, size);
    parts.push_back(max(part(x, axis, range.first, range.last), axis, true));
  }
  return concatenate(parts, axis);
}

Tensor adaptive_pool(const char* keras_name, const Tensor& inputs, const List& output_size,
                     const std::string& data_format, bool largest) {
  if (data_format != "channels_last" && data_format != "channels_first")
    throw ValueError(std::string("[") + keras_name +
                     "] The `data_format` argument must be one of \"channels_first\", \"channels_last\". Received: "
                     "data_format=" +
                     data_format);
  return composed_unary(
      keras_name, inputs,
      [=](const Tensor& inputs) {
        Tensor x = to_float(inputs);
        int64_t spatial = x.rank() - 2;
        List sizes = output_size;
        if (sizes.size() == 1 && spatial > 0) sizes.assign(spatial, sizes[0]);
        bool positive = spatial >= 1 && spatial <= 3 && static_cast<int64_t>(sizes.size()) == spatial;
        for (int64_t size : sizes) positive &= size > 0;
        if (!positive)
          throw ValueError(std::string("[") + keras_name +
                           "] output_size must be one positive number, or one for each of 1 to 3 spatial axes. "
                           "Received: output_size=" +
                           Shape(output_size).to_string() + ", inputs.shape=" + inputs.shape().to_string());
        int64_t first = data_format == "channels_first" ? 2 : 1;
        for (int64_t i = 0; i < spatial; ++i) x = pool_axis(x, first + i, sizes[i], largest);
        return trace::Trace::current()->lift(x);
      },
      Config::object({{"output_size", output_size}, {"data_format", data_format}}));
}

struct Window {
  List size, dilation, padding, stride;
  // How many windows along axis i of n.
  int64_t count(size_t i, int64_t n) const {
    int64_t reach = (size[i] - 1) * dilation[i] + 1;
    return n + 2 * padding[i] < reach ? 0 : (n + 2 * padding[i] - reach) / stride[i] + 1;
  }
};
List pair_of(const List& given, int64_t least, const char* op, const char* what) {
  List both = given.size() == 1 ? List{given[0], given[0]} : given;
  if (both.size() != 2 || both[0] < least || both[1] < least)
    throw ValueError(std::string("[") + op + "] `" + what + "` must be one number or two, at least " +
                     std::to_string(least) + ". Received: " + what + "=" + Shape(given).to_string());
  return both;
}
Window window_of(const List& size, const List& dilation, const List& padding, const List& stride, const char* op) {
  return {pair_of(size, 1, op, "kernel_size"), pair_of(dilation, 1, op, "dilation"), pair_of(padding, 0, op, "padding"),
          pair_of(stride, 1, op, "stride")};
}
Config window_arguments(const Window& w) {
  return Config::object(
      {{"kernel_size", w.size}, {"dilation", w.dilation}, {"padding", w.padding}, {"stride", w.stride}});
}

// Spreads an axis of n to (n - 1) * stride + 1 with zeros between.
Tensor spread(const Tensor& x, int64_t axis, int64_t stride) {
  if (stride == 1) return x;
  List split = x.shape().dims(), joined = split;
  split.insert(split.begin() + axis + 1, 1);
  joined[axis] *= stride;
  std::vector<std::pair<int64_t, int64_t>> widths(split.size(), {0, 0});
  widths[axis + 1] = {0, stride - 1};
  Tensor wide = reshape(pad(reshape(x, Shape(split)), widths), Shape(joined));
  return part(wide, axis, 0, joined[axis] - stride + 1);
}

}  // namespace

Tensor adaptive_average_pool(const Tensor& inputs, std::vector<int64_t> output_size, const std::string& data_format) {
  return adaptive_pool("AdaptiveAveragePool", inputs, output_size, data_format, false);
}
Tensor adaptive_max_pool(const Tensor& inputs, std::vector<int64_t> output_size, const std::string& data_format) {
  return adaptive_pool("AdaptiveMaxPool", inputs, output_size, data_format, true);
}

Tensor unfold(const Tensor& x, std::vector<int64_t> kernel_size, std::vector<int64_t> dilation,
              std::vector<int64_t> padding, std::vector<int64_t> stride) {
  Window w = window_of(kernel_size, dilation, padding, stride, "unfold");
  return composed_unary(
      "Unfold", x,
      [w](const Tensor& x) {
        if (x.rank() != 4)
          throw ValueError("[unfold] x must be [N, C, H, W]. Received: x.shape=" + x.shape().to_string());
        int64_t n = x.shape()[0], c = x.shape()[1], rows = w.count(0, x.shape()[2]), columns = w.count(1, x.shape()[3]);
        if (rows < 1 || columns < 1)
          throw ValueError("[unfold] The window does not fit. Received: x.shape=" + x.shape().to_string() +
                           ", kernel_size=" + Shape(w.size).to_string());
        Tensor padded = pad(x, {{0, 0}, {0, 0}, {w.padding[0], w.padding[0]}, {w.padding[1], w.padding[1]}});
        std::vector<Tensor> places;
        for (int64_t i = 0; i < w.size[0]; ++i)
          for (int64_t j = 0; j < w.size[1]; ++j) {
            int64_t top = i * w.dilation[0], left = j * w.dilation[1];
            Tensor y = part(padded, 2, top, top + (rows - 1) * w.stride[0] + 1, w.stride[0]);
            places.push_back(part(y, 3, left, left + (columns - 1) * w.stride[1] + 1, w.stride[1]));
          }
        return reshape(stack(places, 2), {n, c * w.size[0] * w.size[1], rows * columns});
      },
      window_arguments(w));
}

Tensor fold(const Tensor& x, std::vector<int64_t> output_size, std::vector<int64_t> kernel_size,
            std::vector<int64_t> dilation, std::vector<int64_t> padding, std::vector<int64_t> stride) {
  Window w = window_of(kernel_size, dilation, padding, stride, "fold");
  List size = pair_of(output_size, 1, "fold", "output_size");
  Config arguments = window_arguments(w);
  arguments["output_size"] = size;
  return composed_unary(
      "Fold", x,
      [=](const Tensor& x) {
        int64_t kernel = w.size[0] * w.size[1], rows = w.count(0, size[0]), columns = w.count(1, size[1]);
        if (x.rank() != 3 || x.shape()[1] % kernel || x.shape()[2] != rows * columns)
          throw ValueError("[fold] x must be [N, C * " + std::to_string(kernel) + ", " +
                           std::to_string(rows * columns) +
                           "] for this window and output_size. Received: x.shape=" + x.shape().to_string());
        int64_t n = x.shape()[0], c = x.shape()[1] / kernel;
        Tensor split = reshape(x, {n, c, kernel, rows, columns}), total;
        int64_t height = size[0] + 2 * w.padding[0], width = size[1] + 2 * w.padding[1];
        for (int64_t i = 0; i < w.size[0]; ++i)
          for (int64_t j = 0; j < w.size[1]; ++j) {
            int64_t at = i * w.size[1] + j, top = i * w.dilation[0], left = j * w.dilation[1];
            Tensor y = spread(spread(squeeze(part(split, 2, at, at + 1), 2), 2, w.stride[0]), 3, w.stride[1]);
            y = pad(y, {{0, 0}, {0, 0}, {top, height - top - y.shape()[2]}, {left, width - left - y.shape()[3]}});
            total = total ? add(total, y) : y;
          }
        return part(part(total, 2, w.padding[0], w.padding[0] + size[0]), 3, w.padding[1], w.padding[1] + size[1]);
      },
      arguments);
}

}  // namespace hornbeam::ops
