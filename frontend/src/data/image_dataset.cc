#include <hornbeam/data/image_dataset.h>

#include <hornbeam/base/error.h>

#include "frontend/src/data/directory.h"
#include "frontend/src/data/images/decode.h"
#include "frontend/src/data/images/resize.h"
#include "runtime/data/file.h"

namespace hornbeam {
namespace {

const char* const kFunction = "image_dataset_from_directory";

int channels_of(const std::string& color_mode) {
  if (color_mode == "grayscale") return 1;
  if (color_mode == "rgb") return 3;
  if (color_mode == "rgba") return 4;
  throw ValueError(std::string(kFunction) +
                   ": `color_mode` must be one of \"rgb\", \"rgba\", \"grayscale\". Received: color_mode=" + color_mode);
}

}  // namespace

DirectoryDataset image_dataset_from_directory(const std::string& directory, const ImageDatasetOptions& options) {
  const DirectoryOptions common = options.directory();
  data::check_options(kFunction, common);
  data::check_interpolation(kFunction, options.interpolation);
  const int channels = channels_of(options.color_mode);
  const auto [height, width] = options.image_size;
  if (height <= 0 || width <= 0 || height > data::kMaxPixels / width)
    throw ValueError(std::string(kFunction) + ": Invalid `image_size` value. Received: image_size=(" +
                     std::to_string(height) + ", " + std::to_string(width) + ")");
  if (options.crop_to_aspect_ratio && options.pad_to_aspect_ratio)
    throw ValueError(std::string(kFunction) +
                     ": Only one of `pad_to_aspect_ratio`, `crop_to_aspect_ratio` can be set to `True`.");
  const uint32_t seed = data::seed_of(common);
  data::Files files =
      data::list_files(kFunction, directory, {".bmp", ".gif", ".jpeg", ".jpg", ".png"}, common, seed);
  auto load = [options, channels, height = height, width = width](const std::string& path) {
    Array image = data::decode_image(runtime::read_file(path), channels, path);
    auto resize = options.crop_to_aspect_ratio  ? data::resize_cropped
                  : options.pad_to_aspect_ratio ? data::resize_padded
                                                : data::resize;
    return resize(image, height, width, options.interpolation);
  };
  return {data::dataset_of(files, common, seed, load), files.class_names, files.paths};
}

}  // namespace hornbeam
