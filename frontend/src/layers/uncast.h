// Weights that a layer reads in their own dtype.
#pragma once

#include <hornbeam/variable.h>

#include "frontend/src/trace/trace.h"

namespace hornbeam::layers {

// The weight as it is kept, whatever the layer computes in: Keras' add_weight(autocast=False).
inline Tensor uncast(const Variable& weight) {
  trace::Trace* trace = trace::Trace::current();
  return trace ? trace->read(weight) : Tensor(weight);
}

}  // namespace hornbeam::layers
