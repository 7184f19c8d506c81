// timeseries_dataset_from_array gives Keras' windows.
#include <hornbeam/data/timeseries_dataset.h>

#include <algorithm>
#include <numeric>

#include <gmock/gmock.h>

#include "test/frontend/data/recorded_support.h"

namespace hornbeam {
namespace {

using data_test::error_of;
using data_test::recorded;
using testing::HasSubstr;

Array count_up(Shape shape, DType dtype, int64_t from) {
  Array array(dtype, std::move(shape));
  for (int64_t i = 0; i < array.num_elements(); ++i) array.set(i, static_cast<double>(from + i));
  return array;
}

const Array kData = count_up({30, 2}, DType::float32, 0), kTargets = count_up({30}, DType::int32, 100);

std::vector<TimeseriesDatasetOptions> cases() {
  return {{.sequence_length = 5, .batch_size = 7},
          {.sequence_length = 4, .sequence_stride = 3, .sampling_rate = 2, .batch_size = 7},
          {.sequence_length = 3, .batch_size = 7, .start_index = 4, .end_index = 19},
          {.sequence_length = 3, .sampling_rate = 2, .batch_size = 8, .shuffle = true, .seed = 5}};
}

TEST(TimeseriesDataset, GivesKerasWindows) {
  for (size_t i = 0; i < cases().size(); ++i)
    for (bool with_targets : {true, false}) {
      const std::string key = "series_" + std::to_string(i) + (with_targets ? "_xy" : "_x");
      Dataset dataset = timeseries_dataset_from_array(kData, with_targets ? kTargets : Array(), cases()[i]);
      std::vector<Element> batches = dataset.to_vector();
      EXPECT_EQ(static_cast<int64_t>(batches.size()), recorded(key + "_first_batch").get_int(1)) << key;
      EXPECT_EQ(batches[0].x[0].shape()[0], recorded(key + "_first_batch").get_int(0)) << key;
      EXPECT_EQ(dataset.cardinality(), static_cast<int64_t>(batches.size()));
      // Shuffled windows were recorded in the order of what they begin with.
      std::vector<Element> windows = dataset.unbatch().to_vector();
      if (cases()[i].shuffle)
        std::sort(windows.begin(), windows.end(),
                  [](const Element& a, const Element& b) { return a.x[0].get(0) < b.x[0].get(0); });
      const Array& expected = recorded(key);
      ASSERT_EQ(static_cast<int64_t>(windows.size()), expected.shape()[0]) << key;
      const int64_t width = expected.num_elements() / expected.shape()[0];
      for (size_t w = 0; w < windows.size(); ++w) {
        ASSERT_EQ(windows[w].x[0].num_elements(), width);
        for (int64_t j = 0; j < width; ++j)
          EXPECT_EQ(windows[w].x[0].get(j), expected.get(static_cast<int64_t>(w) * width + j)) << key << " " << w;
        if (with_targets)
          EXPECT_EQ(windows[w].y[0].get_int(0), recorded(key + "_targets").get_int(static_cast<int64_t>(w)));
      }
    }
}

TEST(TimeseriesDataset, RefusesWhatDoesNotFit) {
  auto error = [](TimeseriesDatasetOptions options) {
    return error_of([&] { timeseries_dataset_from_array(kData, {}, options); });
  };
  EXPECT_THAT(error({}), HasSubstr("`sequence_length` must be positive"));
  EXPECT_THAT(error({.sequence_length = 3, .sequence_stride = 0}), HasSubstr("`sequence_stride` must be higher than 0"));
  EXPECT_THAT(error({.sequence_length = 3, .sampling_rate = 30}), HasSubstr("lower than the length of the data"));
  EXPECT_THAT(error({.sequence_length = 3, .start_index = 30}), HasSubstr("`start_index` must be 0 or greater"));
  EXPECT_THAT(error({.sequence_length = 3, .start_index = 5, .end_index = 5}), HasSubstr("`end_index` must be higher"));
  EXPECT_THAT(error({.sequence_length = 31}), HasSubstr("is longer than the data"));
}

}  // namespace
}  // namespace hornbeam
