// Order: sorting, ranks, searching, sets; names and arguments as keras.ops. NaN counts as the largest number.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <hornbeam/tensor.h>

namespace hornbeam::ops {

Tensor sort(const Tensor& x, std::optional<int64_t> axis = -1);     // of the flat tensor without an axis
Tensor argsort(const Tensor& x, std::optional<int64_t> axis = -1);  // int32; equal elements stay in order
// Places, of which the first kth + 1 are those of the smallest elements.
Tensor argpartition(const Tensor& x, int64_t kth, std::optional<int64_t> axis = -1);
struct TopK {
  Tensor values, indices;
};
// The k largest along the last axis, the largest first, the first of equal ones first.
TopK top_k(const Tensor& x, int64_t k, bool sorted = true);
// Whether fewer than k predictions of a row are larger than the target's: [N], [N, C] → bool [N].
Tensor in_top_k(const Tensor& targets, const Tensor& predictions, int64_t k);

// Where `values` would go into a sorted vector: before equal elements (side "left") or behind them ("right"). int32.
Tensor searchsorted(const Tensor& sorted_sequence, const Tensor& values, const std::string& side = "left");
Tensor digitize(const Tensor& x, const Tensor& bins);  // how many of the increasing bins are <= x
Tensor isin(const Tensor& x1, const Tensor& x2, bool assume_unique = false, bool invert = false);

// Ops whose result's shape depends on the elements: for concrete tensors, outside of models.
std::vector<Tensor> nonzero(const Tensor& x);        // int32 places, one vector an axis
std::vector<Tensor> where(const Tensor& condition);  // the same
struct Unique {
  Tensor values, indices, inverse, counts;  // those that were asked for
};
// The different elements (slices, with an axis), sorted. With `size`, so many: cut off, or filled up with `fill_value`
// (the first element by default).
Unique unique(const Tensor& x, bool return_index = false, bool return_inverse = false, bool return_counts = false,
              std::optional<int64_t> axis = {}, std::optional<int64_t> size = {},
              std::optional<double> fill_value = {});
// How often each of 0, 1, 2, … stands in x, or the sum of its weights; at least `minlength` numbers.
Tensor bincount(const Tensor& x, const Tensor& weights = {}, int64_t minlength = 0);
// Each element as often as `repeats` says.
Tensor repeat(const Tensor& x, const Tensor& repeats, std::optional<int64_t> axis = {});

}  // namespace hornbeam::ops
