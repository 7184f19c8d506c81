#include "frontend/src/layers/normalize.h"

#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/reduce.h>

namespace hornbeam::layers {

Tensor unit_length(const Tensor& x, const Axes& axes, double epsilon) {
  // The bound is inside the root, so that the gradient at 0 is finite.
  return x * ops::rsqrt(ops::maximum(ops::sum(ops::square(x), axes, true), epsilon * epsilon));
}

}  // namespace hornbeam::layers
