// split_dataset: sizes, order, batches and errors. The expected values are Keras 3.15.1's.
#include <hornbeam/utils/split_dataset.h>

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test/frontend/evaluated_support.h"

namespace hornbeam::utils {
namespace {

using ::testing::ElementsAre;
using hornbeam::testing::expect_error;

Array numbers(int64_t count, int64_t factor = 1) {
  Array array(DType::int64, {count});
  for (int64_t i = 0; i < count; ++i) array.set_int(i, i * factor);
  return array;
}

// The numbers of a dataset's x, batch after batch.
std::vector<int64_t> values(const Dataset& dataset) {
  std::vector<int64_t> all;
  for (const Element& element : dataset)
    for (int64_t i = 0; i < element.x[0].num_elements(); ++i) all.push_back(element.x[0].get_int(i));
  return all;
}

TEST(SplitDataset, TakesFractionsAndNumbersOfSamples) {
  auto sizes = [](const SplitDatasetOptions& options) {
    auto [left, right] = split_dataset(numbers(10), options);
    return std::pair(values(left), values(right));
  };
  using Ids = std::vector<int64_t>;
  EXPECT_EQ(sizes({.left_size = 0.3}), std::pair(Ids({0, 1, 2}), Ids({3, 4, 5, 6, 7, 8, 9})));
  EXPECT_EQ(sizes({.left_size = 3}), std::pair(Ids({0, 1, 2}), Ids({3, 4, 5, 6, 7, 8, 9})));
  EXPECT_EQ(sizes({.right_size = 4}), std::pair(Ids({0, 1, 2, 3, 4, 5}), Ids({6, 7, 8, 9})));
  // 2.5 samples are rounded to the even number; the right part is the last samples.
  EXPECT_EQ(sizes({.left_size = 0.25, .right_size = 0.25}), std::pair(Ids({0, 1}), Ids({8, 9})));
}

TEST(SplitDataset, KeepsXAndYTogether) {
  auto [left, right] =
      split_dataset(Arrays({numbers(10), numbers(10, 2)}), {.left_size = 0.4, .shuffle = true, .seed = 3});
  std::vector<int64_t> seen;
  for (const Dataset& part : {left, right})
    for (const Element& element : part) {
      EXPECT_EQ(element.y.single().get_int(0), 2 * element.x.single().get_int(0));
      seen.push_back(element.x.single().get_int(0));
    }
  EXPECT_FALSE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_EQ(left.cardinality(), 4);
  // The same parts in each pass.
  EXPECT_EQ(values(left), std::vector<int64_t>(seen.begin(), seen.begin() + 4));
  std::sort(seen.begin(), seen.end());
  EXPECT_THAT(seen, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
}

TEST(SplitDataset, SplitsBatchesBySamplesAndBatchesAgain) {
  auto [left, right] = split_dataset(Dataset::from_arrays(numbers(10)).batch(4), {.left_size = 0.5});
  auto sizes = [](const Dataset& dataset) {
    std::vector<int64_t> sizes;
    for (const Element& element : dataset) sizes.push_back(element.x[0].shape()[0]);
    return sizes;
  };
  EXPECT_THAT(sizes(left), ElementsAre(4, 1));
  EXPECT_THAT(sizes(right), ElementsAre(4, 1));
  EXPECT_THAT(values(right), ElementsAre(5, 6, 7, 8, 9));
  // What comes in another order in each pass is split once.
  auto [a, b] = split_dataset(Dataset::from_arrays(numbers(10)).shuffle({.seed = 1}), {.left_size = 5});
  std::vector<int64_t> first = values(a), second = values(b);
  EXPECT_EQ(values(a), first);
  first.insert(first.end(), second.begin(), second.end());
  std::sort(first.begin(), first.end());
  EXPECT_THAT(first, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
}

TEST(SplitDataset, RefusesSizesThatDoNotFit) {
  auto split = [](const SplitDatasetOptions& options) { return [=] { split_dataset(numbers(10), options); }; };
  expect_error(split({}), "At least one of the `left_size` or `right_size` must be specified");
  expect_error(split({.left_size = 0, .right_size = 0}), "Both `left_size` and `right_size` are zero");
  expect_error(split({.left_size = 1.2}), "`left_size` should be either a positive integer smaller than 10");
  expect_error(split({.left_size = 10}), "Received: left_size=10");
  expect_error(split({.right_size = -1}), "Received: right_size=-1");
  expect_error(split({.left_size = 0.6, .right_size = 0.6}), "is greater than 1");
  expect_error(split({.left_size = 8, .right_size = 8}), "left_size + right_size = 16");
  expect_error(split({.left_size = 0.05}), "Resulting left side dataset split will be empty");
  expect_error([] { split_dataset(Arrays(), {.left_size = 1}); }, "empty list");
  expect_error([] { split_dataset(Dataset::from_arrays(numbers(3)).repeat(), {.left_size = 1}); }, "infinite");
}

}  // namespace
}  // namespace hornbeam::utils
