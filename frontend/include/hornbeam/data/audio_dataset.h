// audio_dataset_from_directory: sounds in class folders, decoded by worker threads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <hornbeam/data/directory_options.h>

namespace hornbeam {

struct AudioDatasetOptions {
  std::optional<std::vector<int32_t>> labels = {};
  LabelMode label_mode = LabelMode::integer;
  std::vector<std::string> class_names = {};
  std::optional<int64_t> batch_size = 32;
  std::optional<int64_t> sampling_rate = {};           // sounds of another rate are resampled; if not given: left as they are
  std::optional<int64_t> output_sequence_length = {};  // in samples of the file: longer sounds are cut, shorter end in zeros
  bool ragged = false;  // batches of sounds of different lengths: there are no such arrays here, so true is refused
  bool shuffle = true;
  std::optional<int64_t> seed = {};
  double validation_split = 0;
  Subset subset = Subset::all;
  bool follow_links = false;
  int num_parallel_calls = 0;

  DirectoryOptions directory() const {
    return {labels, label_mode, class_names, batch_size, shuffle, seed, validation_split, subset, follow_links,
            num_parallel_calls};
  }
};

// Elements: x float32 [batch, samples, channels] with values of -1 to 1 (or [samples, channels] without batch_size), y as
// label_mode says. Without output_sequence_length the sounds of a batch end in zeros up to the longest of them. Reads .wav
// files of integers (8, 16, 24 or 32 bits) and floats (32 or 64). Throws ValueError for options that do not fit,
// NotImplementedError for ragged; IOError that names the file, when it is read, for one that is damaged.
DirectoryDataset audio_dataset_from_directory(const std::string& directory, const AudioDatasetOptions& options = {});

}  // namespace hornbeam
