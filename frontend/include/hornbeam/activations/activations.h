// The activation functions (keras.activations), written in ops. Those of one argument can be given by name:
// Dense({.units = 8, .activation = "relu"}). All are elementwise and keep x's shape unless said otherwise.
#pragma once

#include <optional>

#include <hornbeam/activation.h>

namespace hornbeam::activations {

Tensor linear(const Tensor& x);  // x
// max(x, 0); with options: x above the threshold, negative_slope * (x - threshold) below it, and at most max_value.
Tensor relu(const Tensor& x, double negative_slope = 0.0, std::optional<double> max_value = {}, double threshold = 0.0);
Tensor relu6(const Tensor& x);                                      // min(max(x, 0), 6)
Tensor leaky_relu(const Tensor& x, double negative_slope = 0.2);    // x if x > 0, else negative_slope * x
Tensor elu(const Tensor& x, double alpha = 1.0);                    // x if x > 0, else alpha * (e^x - 1)
Tensor selu(const Tensor& x);                                       // 1.0507 * elu(x, 1.6733): Klambauer et al., 2017
Tensor celu(const Tensor& x, double alpha = 1.0);                   // x if x > 0, else alpha * (e^(x / alpha) - 1)
Tensor sigmoid(const Tensor& x);                                    // 1 / (1 + e^-x)
Tensor hard_sigmoid(const Tensor& x);                               // relu6(x + 3) / 6
Tensor log_sigmoid(const Tensor& x);                                // log(sigmoid(x))
Tensor sparse_sigmoid(const Tensor& x);                             // (x + 1) / 2 within [0, 1]
Tensor tanh(const Tensor& x);
Tensor hard_tanh(const Tensor& x);                                  // x within [-1, 1]
Tensor tanh_shrink(const Tensor& x);                                // x - tanh(x)
Tensor softplus(const Tensor& x);                                   // log(1 + e^x)
Tensor softsign(const Tensor& x);                                   // x / (1 + |x|)
Tensor squareplus(const Tensor& x, double b = 4.0);                 // (x + sqrt(x² + b)) / 2
Tensor sparse_plus(const Tensor& x);                                // 0, (x + 1)² / 4, x: below -1, within, above 1
Tensor exponential(const Tensor& x);                                // e^x
Tensor gelu(const Tensor& x, bool approximate = false);             // x * normal cdf of x, or its approximation by tanh
Tensor silu(const Tensor& x);                                       // x * sigmoid(x), also named swish
Tensor hard_silu(const Tensor& x);                                  // x * hard_sigmoid(x), also named hard_swish
Tensor mish(const Tensor& x);                                       // x * tanh(softplus(x))
Tensor hard_shrink(const Tensor& x, double threshold = 0.5);        // x if |x| > threshold, else 0
Tensor soft_shrink(const Tensor& x, double threshold = 0.5);        // x drawn towards 0 by threshold
Tensor threshold(const Tensor& x, double threshold, double default_value);  // x if x > threshold, else default_value
Tensor softmax(const Tensor& x, int64_t axis = -1);
Tensor log_softmax(const Tensor& x, int64_t axis = -1);
// Martins and Astudillo, 2016, with the threshold as Keras computes it. Takes memory quadratic in the axis.
Tensor sparsemax(const Tensor& x, int64_t axis = -1);
// First half times the sigmoid of the second half of `axis`, which must be even (ValueError) and is halved.
Tensor glu(const Tensor& x, int64_t axis = -1);

}  // namespace hornbeam::activations
