// timeseries_dataset_from_array: windows that slide over a series.
#pragma once

#include <optional>

#include <hornbeam/data/dataset.h>

namespace hornbeam {

struct TimeseriesDatasetOptions {
  int64_t sequence_length = 0;               // timesteps of a window
  int64_t sequence_stride = 1;               // timesteps from one window to the next
  int64_t sampling_rate = 1;                 // timesteps from one of a window to the next
  std::optional<int64_t> batch_size = 128;   // none: single windows
  bool shuffle = false;
  std::optional<int64_t> seed = {};
  std::optional<int64_t> start_index = {};   // data before it and from end_index on are not used
  std::optional<int64_t> end_index = {};
};

// Window i is data[start + i·stride + k·rate] for k = 0 … length - 1, and its target targets[start + i·stride], as in
// Keras. `targets` may be empty. Throws ValueError for options that do not fit the data.
Dataset timeseries_dataset_from_array(const Array& data, const Array& targets, const TimeseriesDatasetOptions& options);

}  // namespace hornbeam
