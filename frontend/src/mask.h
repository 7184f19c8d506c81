// Masks: which elements of a tensor count (Keras' _keras_mask). A tensor carries its mask from the layer that made it
// (Masking, Embedding) to the layers that mind it; ops drop it, and layers that keep their input's mask give it on.
#pragma once

#include <hornbeam/tensor.h>

namespace hornbeam {

// The mask that a tensor carries: booleans of its shape or of its first axes. Not valid if it carries none.
Tensor mask_of(const Tensor& tensor);
// The same tensor with this mask; with none if the mask is not valid.
Tensor with_mask(const Tensor& tensor, const Tensor& mask);

}  // namespace hornbeam
