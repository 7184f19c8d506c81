// Images [N, H, W, C] (or [H, W, C]); names and arguments as keras.ops.image.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <hornbeam/settings.h>
#include <hornbeam/tensor.h>

namespace hornbeam::ops::image {

struct ResizeOptions {
  std::string interpolation = "bilinear";  // "nearest", "bilinear", "bicubic", "area", "lanczos3", "lanczos5"
  bool antialias = false;                  // widens the filter where the image shrinks
  bool crop_to_aspect_ratio = false;       // cuts the middle of the image to the target's proportions first
  bool pad_to_aspect_ratio = false;        // or adds a border of fill_value
  double fill_value = 0.0;
  std::string data_format = config::image_data_format();
};
// To {height, width}. Pixel centers are half way between the edges; beyond the edge there is nothing. Integers are
// rounded and saturated.
Tensor resize(const Tensor& images, std::pair<int64_t, int64_t> size, const ResizeOptions& options = {});

// [..., 3] → [..., 1]: 0.2989 R + 0.587 G + 0.114 B.
Tensor rgb_to_grayscale(const Tensor& images, const std::string& data_format = config::image_data_format());
// Hue, saturation and value in [0, 1] of colors in [0, 1], and back.
Tensor rgb_to_hsv(const Tensor& images, const std::string& data_format = config::image_data_format());
Tensor hsv_to_rgb(const Tensor& images, const std::string& data_format = config::image_data_format());

// Two of top, bottom and target_height must be given, and two of left, right and target_width.
struct Margins {
  std::optional<int64_t> top = {}, left = {}, bottom = {}, right = {}, target_height = {}, target_width = {};
};
Tensor crop_images(const Tensor& images, const Margins& margins,
                   const std::string& data_format = config::image_data_format());
Tensor pad_images(const Tensor& images, const Margins& margins,
                  const std::string& data_format = config::image_data_format());

// Patches of `size`, `strides` apart (by default side by side): [N, rows, columns, size * size * C].
Tensor extract_patches(const Tensor& images, std::vector<int64_t> size, std::vector<int64_t> strides = {},
                       int64_t dilation_rate = 1, const std::string& padding = "valid",
                       const std::string& data_format = config::image_data_format());
Tensor extract_patches_3d(const Tensor& volumes, std::vector<int64_t> size, std::vector<int64_t> strides = {},
                          int64_t dilation_rate = 1, const std::string& padding = "valid",
                          const std::string& data_format = config::image_data_format());

// kernel_size and sigma are of columns, then of rows, as in Keras.
Tensor gaussian_blur(const Tensor& images, std::pair<int64_t, int64_t> kernel_size = {3, 3},
                     std::pair<double, double> sigma = {1.0, 1.0},
                     const std::string& data_format = config::image_data_format());
// [N, H, W, C, 2]: the slopes along rows and columns, by Sobel's kernels.
Tensor sobel_edges(const Tensor& images, const std::string& data_format = config::image_data_format());

// What lies beyond the edges: fill_mode "constant" (fill_value), "nearest" (the edge), "wrap", "mirror" (without the
// edge doubled) or "reflect" (with it). The elements at fractional coordinates, one tensor an axis: the nearest (order
// 0) or linear between neighbors (1).
Tensor map_coordinates(const Tensor& inputs, const std::vector<Tensor>& coordinates, int64_t order,
                       const std::string& fill_mode = "constant", double fill_value = 0.0);
// Pixel (x, y) is taken from ((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k), k = c0 x + c1 y + 1; transform is
// [a0, a1, a2, b0, b1, b2, c0, c1], one for each image. interpolation "nearest" or "bilinear".
Tensor affine_transform(const Tensor& images, const Tensor& transform, const std::string& interpolation = "bilinear",
                        const std::string& fill_mode = "constant", double fill_value = 0.0,
                        const std::string& data_format = config::image_data_format());

// As affine_transform, by the projection that takes start_points to end_points: four points (x, y) each, [4, 2] or
// [N, 4, 2].
Tensor perspective_transform(const Tensor& images, const Tensor& start_points, const Tensor& end_points,
                             const std::string& interpolation = "bilinear", double fill_value = 0.0,
                             const std::string& data_format = config::image_data_format());
// Resamples the axes `spatial_dims` to output_shape: output place = scale * input place + translation, one number of
// each for each of them. method "linear", "cubic", "lanczos3" or "lanczos5".
Tensor scale_and_translate(const Tensor& images, const Shape& output_shape, const Tensor& scale,
                           const Tensor& translation, std::vector<int64_t> spatial_dims, const std::string& method,
                           bool antialias = true);

struct SsimOptions {
  double max_value = 1.0;  // of a pixel
  int64_t filter_size = 11;
  double filter_sigma = 1.5;
  double k1 = 0.01, k2 = 0.03;
  std::string data_format = config::image_data_format();
};
// Structural similarity, one value an image. Z. Wang et al., "Image quality assessment", IEEE Trans. Image Processing,
// 2004.
Tensor ssim(const Tensor& x1, const Tensor& x2, const SsimOptions& options = {});

}  // namespace hornbeam::ops::image
