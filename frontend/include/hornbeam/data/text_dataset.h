// text_dataset_from_directory: text files in class folders.
#pragma once

#include <optional>
#include <string>

#include <hornbeam/data/directory_options.h>

namespace hornbeam {

struct TextDatasetOptions {
  std::optional<std::vector<int32_t>> labels = {};
  LabelMode label_mode = LabelMode::integer;
  std::vector<std::string> class_names = {};
  std::optional<int64_t> batch_size = 32;
  std::optional<int64_t> max_length = {};  // bytes of a text that are kept
  bool shuffle = true;
  std::optional<int64_t> seed = {};
  double validation_split = 0;
  Subset subset = Subset::all;
  bool follow_links = false;
  int num_parallel_calls = 0;
};

// Elements: x strings [batch] (or a single one without batch_size), the whole text of each .txt file; y as label_mode
// says. For a model that begins with TextVectorization or another layer on strings. Throws ValueError for options that
// do not fit; IOError when a file cannot be read.
DirectoryDataset text_dataset_from_directory(const std::string& directory, const TextDatasetOptions& options = {});

}  // namespace hornbeam
