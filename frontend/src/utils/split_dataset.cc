#include <hornbeam/utils/split_dataset.h>

#include <cmath>

#include <hornbeam/base/error.h>
#include <hornbeam/config.h>

#include "frontend/src/data/node.h"

namespace hornbeam::utils {
namespace {

std::string text_of(const std::optional<SplitSize>& size) {
  if (!size) return "None";
  return size->is_fraction() ? Config(size->fraction()).to_json() : std::to_string(size->samples());
}

bool is_zero(const std::optional<SplitSize>& size) {
  return size && (size->is_fraction() ? size->fraction() == 0 : size->samples() == 0);
}

// How many samples a size asks for.
int64_t count_of(const char* name, const SplitSize& size, int64_t total) {
  bool fits = size.is_fraction() ? size.fraction() > 0 && size.fraction() < 1
                                 : size.samples() > 0 && size.samples() < total;
  if (!fits)
    throw ValueError(std::string("`") + name + "` should be either a positive integer smaller than " +
                     std::to_string(total) + ", or a float within the range `[0, 1]`. Received: " + name + "=" +
                     text_of(size));
  if (!size.is_fraction()) return size.samples();
  return static_cast<int64_t>(std::nearbyint(size.fraction() * static_cast<double>(total)));  // half to even, as Python
}

struct Counts {
  int64_t left, right;
};

Counts counts_of(const SplitDatasetOptions& options, int64_t total) {
  const std::optional<SplitSize>&left = options.left_size, &right = options.right_size;
  if (is_zero(left) && is_zero(right))
    throw ValueError("Both `left_size` and `right_size` are zero. At least one of the split sizes must be non-zero.");
  std::optional<int64_t> lefts, rights;
  if (left) lefts = count_of("left_size", *left, total);
  if (right) rights = count_of("right_size", *right, total);
  if (left && right && left->is_fraction() && right->is_fraction() && left->fraction() + right->fraction() > 1)
    throw ValueError(
        "The sum of `left_size` and `right_size` is greater than 1. It must be less than or equal to 1.");
  Counts counts{lefts ? *lefts : total - *rights, rights ? *rights : total - *lefts};
  if (counts.left + counts.right > total)
    throw ValueError("The sum of `left_size` and `right_size` should be smaller than the " + std::to_string(total) +
                     ". Received: left_size + right_size = " + std::to_string(counts.left + counts.right) +
                     " and total_length = " + std::to_string(total));
  for (auto [count, side] : {std::pair(counts.left, "left"), std::pair(counts.right, "right")})
    if (count == 0)
      throw ValueError("With `dataset` of length=" + std::to_string(total) + ", `left_size`=" +
                       std::to_string(counts.left) + " and `right_size`=" + std::to_string(counts.right) +
                       ". Resulting " + side +
                       " side dataset split will be empty. Adjust any of the aforementioned parameters");
  return counts;
}

void check_given(const SplitDatasetOptions& options) {
  if (!options.left_size && !options.right_size)
    throw ValueError(
        "At least one of the `left_size` or `right_size` must be specified. Received: left_size=None and "
        "right_size=None");
}

// All samples in rows of arrays.
std::pair<Dataset, Dataset> split_rows(const Element& rows, const SplitDatasetOptions& options) {
  Dataset all = Dataset::from_arrays(rows.x, rows.y, rows.sample_weight);
  int64_t total = all.cardinality();
  Counts counts = counts_of(options, total);
  // One order for both parts and all passes.
  if (options.shuffle) all = all.shuffle({.seed = options.seed, .reshuffle_each_iteration = false});
  return {all.take(counts.left), all.skip(total - counts.right)};
}

}  // namespace

std::pair<Dataset, Dataset> split_dataset(const Dataset& dataset, const SplitDatasetOptions& options) {
  check_given(options);
  if (dataset.cardinality() == Dataset::kInfinite)
    throw ValueError("split_dataset: an infinite dataset cannot be split. End it with take().");
  std::optional<int64_t> batch_size = dataset.node()->batch_size();
  // One pass, as another could give other samples, or another order.
  std::vector<Element> samples = (batch_size ? dataset.unbatch() : dataset).to_vector();
  if (samples.empty()) throw ValueError("split_dataset: Received an empty dataset.");
  auto count = static_cast<int64_t>(samples.size());
  Dataset stacked = Dataset::from_generator([&] { return samples; }, count).batch(count);
  auto [left, right] = split_rows(stacked.to_vector().at(0), options);
  if (batch_size) return {left.batch(*batch_size), right.batch(*batch_size)};
  return {left, right};
}

std::pair<Dataset, Dataset> split_dataset(const Arrays& arrays, const SplitDatasetOptions& options) {
  check_given(options);
  if (arrays.empty())
    throw ValueError("split_dataset: Received an empty list dataset. Please provide a non-empty list of arrays.");
  if (arrays.is_single() || arrays.is_map()) return split_rows({.x = arrays}, options);
  if (arrays.size() > 3)
    throw ValueError("split_dataset: a list of arrays stands for x, y and sample_weight. Received: " +
                     std::to_string(arrays.size()) +
                     " arrays. Several inputs make a Dataset::from_arrays({a, b, ...}, y).");
  Element rows{.x = arrays[0]};
  if (arrays.size() > 1) rows.y = arrays[1];
  if (arrays.size() > 2) rows.sample_weight = arrays[2];
  return split_rows(rows, options);
}

}  // namespace hornbeam::utils
