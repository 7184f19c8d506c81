// Scaling to length 1.
#pragma once

#include <hornbeam/ops/axes.h>
#include <hornbeam/tensor.h>

namespace hornbeam::layers {

// x / max(|x|, epsilon), |x| over one axis or several together.
Tensor unit_length(const Tensor& x, const Axes& axes, double epsilon = 1e-7);

}  // namespace hornbeam::layers
