// Pictures in class folders as data for a model: sized and labeled as the model wants them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <hornbeam/data/image_dataset.h>
#include <hornbeam/model.h>

namespace hornbeam::cli {

struct FolderOptions {
  bool labels = true;  // else all pictures below the folder, in the order of their paths
  int64_t batch_size = 32;
  bool shuffle = false;
  std::optional<int64_t> seed;
  double validation_split = 0;
  Subset subset = Subset::all;
};

bool is_folder(const std::string& path);

// Pixels are 0 to 255 in the size and with the channels of the model's one input; labels are the folders' numbers, as
// numbers, one-hot or binary by the model's loss. Throws ValueError for a model or a folder that does not fit.
Dataset read_image_folder(const Model& model, const std::string& folder, const FolderOptions& options);

}  // namespace hornbeam::cli
