// Masks on tensors.
#include "frontend/src/mask.h"

#include "frontend/src/tensor_impl.h"
#include "frontend/src/trace/notes.h"

namespace hornbeam {

Tensor mask_of(const Tensor& tensor) { return tensor ? Tensor(tensor.impl()->mask) : Tensor(); }

Tensor with_mask(const Tensor& tensor, const Tensor& mask) {
  if (same(mask_of(tensor), mask)) return tensor;
  return trace::with_notes(tensor, [&](TensorImpl& impl) { impl.mask = mask.impl(); });
}

}  // namespace hornbeam
