// keras.ops.switch (whose name C++ keeps for itself).
#pragma once

#include <functional>
#include <vector>

#include <hornbeam/tensor.h>

namespace hornbeam::ops {

// branches[index](operands); an index out of range is clamped to it. All branches must return tensors of the same shapes
// and dtypes. Only one is computed.
Tensors switch_case(const Tensor& index, const std::vector<std::function<Tensors(const Tensors&)>>& branches,
                    const Tensors& operands);

}  // namespace hornbeam::ops
