// Integers as the preprocessing layers give them out: as they are, one-hot, several-hot or counted.
#pragma once

#include <string>
#include <vector>

#include <hornbeam/tensor.h>

namespace hornbeam::layers {

// Throws ValueError if the mode is not one of `modes`.
void check_output_mode(const char* class_name, const std::string& output_mode, const std::vector<std::string>& modes);
// x [batch, …, n] of integers in [0, depth) as
//   "int"        itself
//   "one_hot"    [batch, …, n, depth]; a last axis of 1 is dropped first
//   "multi_hot"  [batch, …, depth]: 1 where an integer of axis 1 occurs (of the only axis, if there is one)
//   "count"      the same, how often; with weights their sums
Tensor encode(const Tensor& x, const std::string& output_mode, int64_t depth, DType dtype, const Tensor& weights = {});

}  // namespace hornbeam::layers
