// The activation functions under their names in keras.ops, with keras.ops' defaults; activations/activations.h has the
// formulas.
#pragma once

#include <hornbeam/activations/activations.h>

namespace hornbeam::ops {

inline Tensor relu6(const Tensor& x) { return activations::relu6(x); }
inline Tensor leaky_relu(const Tensor& x, double negative_slope = 0.2) {
  return activations::leaky_relu(x, negative_slope);
}
inline Tensor elu(const Tensor& x, double alpha = 1.0) { return activations::elu(x, alpha); }
inline Tensor selu(const Tensor& x) { return activations::selu(x); }
inline Tensor celu(const Tensor& x, double alpha = 1.0) { return activations::celu(x, alpha); }
inline Tensor gelu(const Tensor& x, bool approximate = true) { return activations::gelu(x, approximate); }
inline Tensor glu(const Tensor& x, int64_t axis = -1) { return activations::glu(x, axis); }
inline Tensor hard_sigmoid(const Tensor& x) { return activations::hard_sigmoid(x); }
inline Tensor hard_silu(const Tensor& x) { return activations::hard_silu(x); }
inline Tensor hard_swish(const Tensor& x) { return activations::hard_silu(x); }
inline Tensor hard_tanh(const Tensor& x) { return activations::hard_tanh(x); }
inline Tensor hard_shrink(const Tensor& x, double threshold = 0.5) { return activations::hard_shrink(x, threshold); }
inline Tensor soft_shrink(const Tensor& x, double threshold = 0.5) { return activations::soft_shrink(x, threshold); }
inline Tensor log_sigmoid(const Tensor& x) { return activations::log_sigmoid(x); }
inline Tensor softsign(const Tensor& x) { return activations::softsign(x); }
inline Tensor sparse_plus(const Tensor& x) { return activations::sparse_plus(x); }
inline Tensor sparse_sigmoid(const Tensor& x) { return activations::sparse_sigmoid(x); }
inline Tensor sparsemax(const Tensor& x, int64_t axis = -1) { return activations::sparsemax(x, axis); }
inline Tensor squareplus(const Tensor& x, double b = 4.0) { return activations::squareplus(x, b); }
inline Tensor swish(const Tensor& x) { return activations::silu(x); }
inline Tensor tanh_shrink(const Tensor& x) { return activations::tanh_shrink(x); }
inline Tensor threshold(const Tensor& x, double threshold, double default_value) {
  return activations::threshold(x, threshold, default_value);
}

}  // namespace hornbeam::ops
