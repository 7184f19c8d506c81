// Norms along axes, which most constraints need.
#pragma once

#include <hornbeam/config.h>
#include <hornbeam/tensor.h>

#include <vector>

namespace hornbeam::constraints {

// The axis option of constraints: an integer or a list in configs.
std::vector<int64_t> axes_from_config(const Config& config);
Config axes_config(const std::vector<int64_t>& axes);
// sqrt(sum(w²)) over the axes, which stay with size 1.
Tensor norms(const Tensor& w, const std::vector<int64_t>& axes);
// w scaled so that its norms become `desired`; 1e-7 keeps a zero vector zero.
Tensor rescaled(const Tensor& w, const Tensor& norms, const Tensor& desired);

}  // namespace hornbeam::constraints
