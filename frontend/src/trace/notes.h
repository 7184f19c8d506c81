// A tensor again, with another mask, other logits or another weakness.
#pragma once

#include <utility>

#include "frontend/src/trace/trace.h"

namespace hornbeam::trace {

// Calls set(TensorImpl&) on a copy. A copy in an open trace is made by the trace, which has to know all tensors that stand
// for one value: what a gradient's function made stands for the gradient's results afterwards.
template <class F>
Tensor with_notes(const Tensor& x, F set) {
  TensorImpl impl = *x.impl();
  set(impl);
  Trace* trace = Trace::current();
  if (!trace || !impl.value) return make_tensor(std::move(impl));
  Tensor copy = trace->wrap(ir::Value(impl.value));
  const_cast<TensorImpl&>(*copy.impl()) = std::move(impl);  // nobody else has it yet
  return copy;
}

}  // namespace hornbeam::trace
