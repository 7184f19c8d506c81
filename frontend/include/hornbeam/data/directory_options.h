// What the loaders of folders (images, audio, text) have in common. Names and rules are those of Keras'
// *_dataset_from_directory: a sub-folder for each class, files in alphabetical order, and for a seed the same order and
// the same training and validation files as there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <hornbeam/data/dataset.h>

namespace hornbeam {

enum class LabelMode : uint8_t {
  integer,      // int32, []
  categorical,  // float32, [classes], one-hot
  binary,       // float32, [1], for two classes
  none,         // no labels
};

enum class Subset : uint8_t { all, training, validation };

struct DirectoryOptions {
  // Labels are the numbers of the sub-folders; or these, one for each file in alphabetical order of the paths.
  std::optional<std::vector<int32_t>> labels = {};
  LabelMode label_mode = LabelMode::integer;
  std::vector<std::string> class_names = {};  // which sub-folders, in this order; all, in alphabetical order
  std::optional<int64_t> batch_size = 32;     // none: single elements
  bool shuffle = true;
  std::optional<int64_t> seed = {};
  double validation_split = 0;                // the last fraction of the files, with subset
  Subset subset = Subset::all;
  bool follow_links = false;
  int num_parallel_calls = 0;                 // threads that read and decode; 0: one for each core
};

// A dataset, and what it was made of.
struct DirectoryDataset {
  Dataset dataset;
  std::vector<std::string> class_names;
  std::vector<std::string> file_paths;  // before the shuffling of each epoch
  operator Dataset() const { return dataset; }
};

}  // namespace hornbeam
