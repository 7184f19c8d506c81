// Writing at places given by indices; names and arguments as keras.ops.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <hornbeam/settings.h>
#include <hornbeam/tensor.h>

namespace hornbeam::ops {

// Zeros of `shape` to which values[i] is added at indices[i]: indices [..., k] name places along the first k axes,
// values [...] + shape[k:]. Places outside are left out; negative ones count from the end.
Tensor scatter(const Tensor& indices, const Tensor& values, const Shape& shape);
// `inputs` with updates at indices as above. reduction: "" (the last update of a place stays), "add", "max", "min",
// "mul".
Tensor scatter_update(const Tensor& inputs, const Tensor& indices, const Tensor& updates,
                      const std::string& reduction = "");
// `inputs` with `updates` from start_indices on, which are moved back where updates would reach beyond the end.
Tensor slice_update(const Tensor& inputs, std::vector<int64_t> start_indices, const Tensor& updates);
Tensor slice_update(const Tensor& inputs, const Tensor& start_indices, const Tensor& updates);
// A slice whose start is a tensor of one whole number an axis, moved back likewise.
Tensor slice(const Tensor& x, const Tensor& start_indices, std::vector<int64_t> shape);

// Rows of data [N, …] joined by segment_ids [N]: [num_segments, …]. Rows of an id outside [0, num_segments) are left
// out; an empty segment is 0 (sum), 1 (prod), the lowest value (max) or the highest (min). num_segments may be left out
// where segment_ids are concrete. `sorted` says nothing that matters here.
Tensor segment_sum(const Tensor& data, const Tensor& segment_ids, std::optional<int64_t> num_segments = {},
                   bool sorted = false);
Tensor segment_prod(const Tensor& data, const Tensor& segment_ids, std::optional<int64_t> num_segments = {},
                    bool sorted = false);
Tensor segment_max(const Tensor& data, const Tensor& segment_ids, std::optional<int64_t> num_segments = {},
                   bool sorted = false);
Tensor segment_min(const Tensor& data, const Tensor& segment_ids, std::optional<int64_t> num_segments = {},
                   bool sorted = false);

// 1 at each of the classes that stand along the last axis of x, 0 elsewhere.
Tensor multi_hot(const Tensor& x, int64_t num_classes, int64_t axis = -1, DType dtype = config::floatx());

}  // namespace hornbeam::ops
