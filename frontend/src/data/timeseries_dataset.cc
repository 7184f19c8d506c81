#include <hornbeam/data/timeseries_dataset.h>

#include <algorithm>
#include <cstring>
#include <numeric>

#include <hornbeam/base/error.h>
#include <hornbeam/random.h>

#include "frontend/src/data/directory.h"
#include "frontend/src/data/node.h"

namespace hornbeam {
namespace {

void require(bool holds, const std::string& what) {
  if (!holds) throw ValueError("timeseries_dataset_from_array: " + what);
}

void check(const Array& data, const TimeseriesDatasetOptions& o) {
  require(data.valid() && !data.shape().empty(), "the data must have an axis of time steps.");
  const int64_t length = data.shape()[0];
  const std::string has = ", for data of length " + std::to_string(length);
  require(o.sequence_length > 0,
          "`sequence_length` must be positive. Received: sequence_length=" + std::to_string(o.sequence_length));
  if (o.start_index)
    require(*o.start_index >= 0 && (*o.start_index == 0 || *o.start_index < length),
            "`start_index` must be 0 or greater and lower than the length of the data. Received: start_index=" +
                std::to_string(*o.start_index) + has);
  if (o.end_index)
    require(*o.end_index > o.start_index.value_or(0) && *o.end_index < length,
            "`end_index` must be higher than `start_index` and lower than the length of the data. Received: end_index=" +
                std::to_string(*o.end_index) + has);
  require(o.sampling_rate > 0 && o.sampling_rate < length,
          "`sampling_rate` must be higher than 0 and lower than the length of the data. Received: sampling_rate=" +
              std::to_string(o.sampling_rate) + has);
  require(o.sequence_stride > 0 && o.sequence_stride < length,
          "`sequence_stride` must be higher than 0 and lower than the length of the data. Received: sequence_stride=" +
              std::to_string(o.sequence_stride) + has);
  require(!o.batch_size || *o.batch_size > 0, "`batch_size` must be positive.");
}

}  // namespace

Dataset timeseries_dataset_from_array(const Array& data, const Array& targets, const TimeseriesDatasetOptions& options) {
  check(data, options);
  const int64_t start = options.start_index.value_or(0), end = options.end_index.value_or(data.shape()[0]);
  const int64_t length = options.sequence_length, rate = options.sampling_rate;
  int64_t windows = end - start - (length - 1) * rate;
  if (targets.valid()) {
    require(!targets.shape().empty(), "the targets must have an axis of time steps.");
    windows = std::min(windows, targets.shape()[0]);
  }
  require(windows > 0, "a window of " + std::to_string(length) + " steps, " + std::to_string(rate) +
                           " apart, is longer than the data between start_index and end_index.");
  // The windows' first steps, from start_index on.
  auto positions = std::make_shared<std::vector<int64_t>>();
  for (int64_t at = 0; at < windows; at += options.sequence_stride) positions->push_back(at);
  const int64_t seed = options.seed ? *options.seed : options.shuffle ? draw_seed() % 1000000 : 0;
  if (options.shuffle) data::numpy_shuffle(static_cast<uint32_t>(seed), *positions);
  if (targets.valid())
    for (int64_t at : *positions)
      require(start + at < std::min(end, targets.shape()[0]), "there are fewer targets than windows. Received: targets " +
                                                                  targets.shape().to_string() + " for data " +
                                                                  data.shape().to_string());
  auto window = [=](Element number, const MapCall&) {
    const int64_t at = start + (*positions)[static_cast<size_t>(number.x[0].get_int(0))];
    std::vector<int64_t> rows(static_cast<size_t>(length));
    for (int64_t k = 0; k < length; ++k) rows[static_cast<size_t>(k)] = at + k * rate;
    Element element{.x = data::gather_rows(data, rows.data(), length)};
    if (targets.valid()) element.y = data::copy_row(targets, at);
    return element;
  };
  Dataset dataset = Dataset::range(static_cast<int64_t>(positions->size()));
  if (options.shuffle)
    dataset = dataset.shuffle(options.batch_size ? *options.batch_size * 8 : 1024, {.seed = seed});
  dataset = dataset.map(window, {.seed = seed});
  return options.batch_size ? dataset.batch(*options.batch_size) : dataset;
}

}  // namespace hornbeam
