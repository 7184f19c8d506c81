#include <hornbeam/utils/image.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include <hornbeam/base/atomic_file.h>

#include "frontend/src/data/images/decode.h"
#include "frontend/src/data/images/resize.h"
#include "runtime/data/file.h"

namespace hornbeam::utils {

Array load_img(const std::string& path, const LoadImgOptions& options) {
  const int channels = options.color_mode == "grayscale" ? 1 : options.color_mode == "rgb" ? 3 : 4;
  if (channels == 4 && options.color_mode != "rgba")
    throw ValueError("load_img: color_mode must be \"grayscale\", \"rgb\", or \"rgba\". Received: color_mode=" +
                     options.color_mode);
  data::check_interpolation("load_img", options.interpolation);
  Array image = data::decode_image(runtime::read_file(path), channels, path);
  if (!options.target_size) return image;
  const auto [height, width] = *options.target_size;
  if (height <= 0 || width <= 0 || height > data::kMaxPixels / width)
    throw ValueError("load_img: invalid target_size (" + std::to_string(height) + ", " + std::to_string(width) + ")");
  if (image.shape()[0] == height && image.shape()[1] == width) return image;
  auto resize = options.keep_aspect_ratio ? data::resize_cropped : data::resize;
  Array resized = resize(image, height, width, options.interpolation);
  for (float& value : resized.mutable_as<float>()) value = std::clamp(std::nearbyint(value), 0.0f, 255.0f);
  return resized.cast(DType::uint8);
}

Array img_to_array(const Array& image) {
  const int64_t rank = image.shape().rank();
  if (rank != 2 && rank != 3)
    throw ValueError("img_to_array: expected [height, width] or [height, width, channels]. Received: shape " +
                     image.shape().to_string());
  Array values = image.cast(DType::float32);
  return rank == 3 ? values : values.reshaped({image.shape()[0], image.shape()[1], 1});
}

Array array_to_img(const Array& x, const ArrayToImgOptions& options) {
  if (x.shape().rank() != 3)
    throw ValueError("array_to_img: Expected image array to have rank 3 (single image). Got array with shape: " +
                     x.shape().to_string());
  if (const int64_t c = x.shape()[2]; c != 1 && c != 3 && c != 4)
    throw ValueError("array_to_img: Unsupported channel number: " + std::to_string(c));
  Array values = x.cast(DType::float32).clone();
  auto elements = values.mutable_as<float>();
  if (options.scale && !elements.empty()) {
    const float least = *std::min_element(elements.begin(), elements.end());
    const float most = *std::max_element(elements.begin(), elements.end()) - least;
    for (float& value : elements) {
      value -= least;
      if (most != 0) value /= most;
      value *= 255;
    }
  }
  Array image(DType::uint8, x.shape());
  auto pixels = image.mutable_as<uint8_t>();
  // What has no place in 8 bits is cut off; NaN is black.
  for (size_t i = 0; i < elements.size(); ++i)
    pixels[i] = elements[i] > 0 ? static_cast<uint8_t>(std::min(elements[i], 255.0f)) : 0;
  return image;
}

void save_img(const std::string& path, const Array& x, const SaveImgOptions& options) {
  std::string format = options.file_format;
  if (format.empty()) format = path.substr(std::min(path.size(), path.rfind('.') + 1));
  for (char& c : format) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  Array image = array_to_img(x, {.scale = options.scale});
  std::string bytes;
  if (format == "png")
    bytes = data::encode_png(image);
  else if (format == "jpg" || format == "jpeg")
    bytes = data::encode_jpeg(image, 75);
  else if (format == "bmp")
    bytes = data::encode_bmp(image);
  else
    throw ValueError("save_img: pictures are written as png, jpeg or bmp. Received: '" + format + "' for " + path);
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

}  // namespace hornbeam::utils
