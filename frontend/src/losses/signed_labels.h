// The labels of hinge losses.
#pragma once

#include <hornbeam/tensor.h>

namespace hornbeam::losses {

// Labels of 0 and 1 as -1 and 1. If any is something else, they are what they are.
Tensor signed_labels(const Tensor& y_true);

}  // namespace hornbeam::losses
