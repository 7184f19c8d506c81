// The first step of every mean or sum over samples: one value a sample, weighted.
#pragma once

#include <hornbeam/tensor.h>

#include <utility>

namespace hornbeam::metrics {

using Reduction = Tensor (*)(const Tensor&, const std::vector<int64_t>& axes);
Tensor mean_over(const Tensor& x, const std::vector<int64_t>& axes);
Tensor sum_over(const Tensor& x, const std::vector<int64_t>& axes);

// Values of any rank → one a sample, and the weights (not valid if there are none). Weights of a lower rank: the values
// are first reduced over the missing axes, then weighted.
std::pair<Tensor, Tensor> samplewise(Tensor values, Tensor sample_weight, Reduction reduce, DType dtype);

}  // namespace hornbeam::metrics
