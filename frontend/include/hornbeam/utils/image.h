// Single pictures: files to arrays and back. Keras' load_img, save_img, img_to_array, array_to_img.
#pragma once

#include <array>
#include <optional>
#include <string>

#include <hornbeam/base/array.h>

namespace hornbeam::utils {

struct LoadImgOptions {
  std::string color_mode = "rgb";                            // "grayscale", "rgb", "rgba"
  std::optional<std::array<int64_t, 2>> target_size = {};    // height, width
  std::string interpolation = "nearest";                     // as image_dataset_from_directory takes them
  bool keep_aspect_ratio = false;                            // cut the middle out instead of distorting
};

// uint8 [height, width, channels] from a PNG, JPEG, BMP or GIF. Throws IOError for a file that is none or damaged.
Array load_img(const std::string& path, const LoadImgOptions& options = {});

struct ArrayToImgOptions {
  bool scale = true;  // stretch the values to 0 … 255
};

// uint8 [height, width, channels] from values of any dtype, [height, width, 1, 3 or 4].
Array array_to_img(const Array& x, const ArrayToImgOptions& options = {});
// float32 with the same values; a picture without channels gets one.
Array img_to_array(const Array& image);

struct SaveImgOptions {
  std::string file_format = "";  // "png", "jpeg", "bmp"; empty: by the path's ending
  bool scale = true;
};

// Writes the file as a whole, or nothing. JPEG has quality 75 and no alpha, as in Keras.
void save_img(const std::string& path, const Array& x, const SaveImgOptions& options = {});

}  // namespace hornbeam::utils
