// Resizing along one axis by interpolation, as images are resized.
#pragma once

#include <string>

#include <hornbeam/tensor.h>

namespace hornbeam::layers {

// "nearest", "bilinear", "bicubic", "lanczos3", "lanczos5".
bool is_interpolation(const std::string& interpolation);
std::string interpolation_names();

// The axis in `size` elements. Their centers are spread evenly over the old ones'; outside there is nothing, and
// weights are scaled to a sum of 1. With antialias the window is wider where the axis shrinks. "area": the mean of what
// an element covers. "bicubic": Keys, "Cubic convolution interpolation", 1981, with a = -0.5.
Tensor resize_axis(const Tensor& x, int64_t axis, int64_t size, const std::string& interpolation,
                   bool antialias = false);

// The largest middle part of images that has the aspect of height to width. `h` is the axis of the height, that of the
// width follows.
Tensor cropped_to_aspect(const Tensor& x, int64_t h, int64_t height, int64_t width);
// Images filled up to that aspect on both sides of one axis.
Tensor padded_to_aspect(const Tensor& x, int64_t h, int64_t height, int64_t width, double fill);

}  // namespace hornbeam::layers
