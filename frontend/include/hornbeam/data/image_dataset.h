// image_dataset_from_directory: pictures in class folders, decoded and resized by worker threads.
#pragma once

#include <array>
#include <string>

#include <hornbeam/data/directory_options.h>

namespace hornbeam {

struct ImageDatasetOptions {
  std::optional<std::vector<int32_t>> labels = {};
  LabelMode label_mode = LabelMode::integer;
  std::vector<std::string> class_names = {};
  std::string color_mode = "rgb";                  // "grayscale" (1 channel), "rgb" (3), "rgba" (4)
  std::optional<int64_t> batch_size = 32;
  std::array<int64_t, 2> image_size = {256, 256};  // height, width
  bool shuffle = true;
  std::optional<int64_t> seed = {};
  double validation_split = 0;
  Subset subset = Subset::all;
  std::string interpolation = "bilinear";          // nearest, bicubic, area, lanczos3, lanczos5, gaussian, mitchellcubic
  bool follow_links = false;
  bool crop_to_aspect_ratio = false;
  bool pad_to_aspect_ratio = false;
  int num_parallel_calls = 0;

  DirectoryOptions directory() const {
    return {labels, label_mode, class_names, batch_size, shuffle, seed, validation_split, subset, follow_links,
            num_parallel_calls};
  }
};

// Elements: x float32 [batch, height, width, channels] with values of 0 to 255 (or [height, width, channels] without
// batch_size), y as label_mode says. Reads .png, .jpg, .jpeg, .bmp and .gif (the first picture). Throws ValueError for
// options that do not fit; IOError that names the file, when it is read, for one that is damaged.
DirectoryDataset image_dataset_from_directory(const std::string& directory, const ImageDatasetOptions& options = {});

}  // namespace hornbeam
