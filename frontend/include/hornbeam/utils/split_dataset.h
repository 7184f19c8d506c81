// split_dataset: samples in two, for training and testing.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <utility>

#include <hornbeam/data/dataset.h>

namespace hornbeam::utils {

// A number of samples (an integer), or a fraction of all of them (a float).
class SplitSize {
 public:
  template <std::integral T>
  SplitSize(T samples) : samples_(static_cast<int64_t>(samples)) {}
  SplitSize(double fraction) : fraction_(fraction), is_fraction_(true) {}
  bool is_fraction() const { return is_fraction_; }
  double fraction() const { return fraction_; }
  int64_t samples() const { return samples_; }

 private:
  int64_t samples_ = 0;
  double fraction_ = 0;
  bool is_fraction_ = false;
};

struct SplitDatasetOptions {
  std::optional<SplitSize> left_size = {};   // the first samples; the rest if not given
  std::optional<SplitSize> right_size = {};  // the last samples; the rest if not given
  bool shuffle = false;                      // the samples before they are split
  std::optional<int64_t> seed = {};
};

// The left and the right part. The samples are held in memory; a dataset of batches is split by samples and batched
// again. Throws ValueError unless one size is given and both parts get samples, and for an infinite dataset.
std::pair<Dataset, Dataset> split_dataset(const Dataset& dataset, const SplitDatasetOptions& options);
// Of arrays with one row a sample: one is x, a list of up to three x, y and sample_weight, as fit takes their batches.
std::pair<Dataset, Dataset> split_dataset(const Arrays& arrays, const SplitDatasetOptions& options);

}  // namespace hornbeam::utils
