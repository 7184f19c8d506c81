// Colors: grayscale, HSV.
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/image.h>
#include <hornbeam/ops/nn.h>
#include <hornbeam/ops/shape.h>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops::image {
namespace {

int64_t channels_axis(const Tensor& images, const std::string& data_format) {
  if (images.rank() != 3 && images.rank() != 4)
    throw ValueError(
        "Invalid images rank: expected rank 3 (single image) or rank 4 (batch of images). Received input with shape: "
        "images.shape=" +
        images.shape().to_string());
  return images.rank() - (data_format == "channels_first" ? 3 : 1);
}

struct Planes {
  Tensor first, second, third;
};
Planes planes_of(const Tensor& images, int64_t axis) {
  if (!is_float(images.dtype()))
    throw ValueError("Invalid images dtype: expected float dtype. Received: images.dtype=" +
                     std::string(name_of(images.dtype())));
  if (images.shape()[axis] != 3)
    throw ValueError("Invalid channel size: expected 3. Received input with shape: images.shape=" +
                     images.shape().to_string());
  auto plane = [&](int64_t i) { return squeeze(part(images, axis, i, i + 1), axis); };
  return {plane(0), plane(1), plane(2)};
}

double epsilon_of(DType dtype) {
  return dtype == DType::float64    ? 0x1p-52
         : dtype == DType::float16  ? 0x1p-10
         : dtype == DType::bfloat16 ? 0x1p-7
                                    : 0x1p-23;
}

}  // namespace

Tensor rgb_to_grayscale(const Tensor& images, const std::string& data_format) {
  return composed_unary(
      "RGBToGrayscale", images,
      [=](const Tensor& images) {
        int64_t axis = channels_axis(images, data_format), channels = images.shape()[axis];
        if (channels == 1) return trace::Trace::current()->lift(images);
        if (channels != 3)
          throw ValueError(
              "Invalid channel size: expected 3 (RGB) or 1 (Grayscale). Received input with shape: "
              "images.shape=" +
              images.shape().to_string());
        Tensor x = to_float(images);
        Tensor weights = to_dtype(Tensor(Array::of<float>({3}, {0.2989f, 0.5870f, 0.1140f})), x.dtype());
        return to_dtype(expand_dims(tensordot(x, weights, {axis}, {0}), axis), images.dtype());
      },
      Config::object({{"data_format", data_format}}));
}

Tensor rgb_to_hsv(const Tensor& images, const std::string& data_format) {
  return composed_unary(
      "RGBToHSV", images,
      [=](const Tensor& images) {
        int64_t axis = channels_axis(images, data_format);
        Tensor x = where(less(abs(images), epsilon_of(images.dtype())), 0, images);
        auto [r, g, b] = planes_of(x, axis);
        Tensor value = maximum(maximum(r, g), b), range = subtract(value, minimum(minimum(r, g), b));
        Tensor lit = greater(value, 0), colored = greater(range, 0);
        Tensor saturation = where(lit, divide(range, where(lit, value, 1)), 0);
        // A sixth of the circle for each edge of the color hexagon.
        Tensor unit = divide(1.0 / 6.0, where(colored, range, 1));
        Tensor hue = where(equal(value, g), add(multiply(unit, subtract(b, r)), 2.0 / 6.0),
                           add(multiply(unit, subtract(r, g)), 4.0 / 6.0));
        hue = where(equal(value, r), multiply(unit, subtract(g, b)), hue);
        Tensor turn = where(less(hue, 0), 1, zeros_like(hue));
        hue = add(where(colored, hue, 0), turn);
        return stack({hue, saturation, value}, axis);
      },
      Config::object({{"data_format", data_format}}));
}

Tensor hsv_to_rgb(const Tensor& images, const std::string& data_format) {
  return composed_unary(
      "HSVToRGB", images,
      [=](const Tensor& images) {
        int64_t axis = channels_axis(images, data_format);
        auto [hue, saturation, value] = planes_of(images, axis);
        Tensor sixth = multiply(mod(hue, 1), 6), gray = subtract(1, saturation);
        auto channel = [&](const Tensor& share) {
          return multiply(value, add(gray, multiply(saturation, clip(share, 0, 1))));
        };
        Tensor red = channel(subtract(abs(subtract(sixth, 3)), 1));
        Tensor green = channel(subtract(2, abs(subtract(sixth, 2))));
        Tensor blue = channel(subtract(2, abs(subtract(sixth, 4))));
        return stack({red, green, blue}, axis);
      },
      Config::object({{"data_format", data_format}}));
}

}  // namespace hornbeam::ops::image
