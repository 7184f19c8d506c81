// How labels, predictions, weights and masks of ranks that differ by one are brought together.
#pragma once

#include <hornbeam/tensor.h>

#include <utility>

namespace hornbeam::losses {

// Where the ranks differ by one and the longer has a last axis of 1, that axis is dropped; if the shorter is a vector
// it gets the axis instead. Keras' squeeze_or_expand_to_same_rank.
std::pair<Tensor, Tensor> same_rank(Tensor a, Tensor b);

// A mask as weights: times sample_weight if that is valid. `scaled`: the valid ones weigh total / valid.
Tensor mask_to_weights(const Tensor& sample_weight, const Tensor& mask, DType dtype, bool scaled);

// What "accuracy" and "crossentropy" stand for: predictions of one value are binary; labels of a lower rank than the
// predictions, or with a last axis of 1, are class numbers; others are one-hot.
enum class Labels : uint8_t { binary, sparse, one_hot };
Labels kind_of_labels(const Shape& y_true, const Shape& y_pred);

}  // namespace hornbeam::losses
