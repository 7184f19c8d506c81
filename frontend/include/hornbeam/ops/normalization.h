// Normalization by statistics of the tensor, or by given ones; names and arguments as keras.ops. Narrow floats are
// computed in float32.
#pragma once

#include <optional>
#include <vector>

#include <hornbeam/ops/axes.h>
#include <hornbeam/settings.h>
#include <hornbeam/tensor.h>

namespace hornbeam::ops {

struct Moments {
  Tensor mean, variance;  // the biased variance
};
Moments moments(const Tensor& x, Axes axes, bool keepdims = false);

// (x - mean) / sqrt(variance + epsilon) * scale + offset: vectors along `axis`.
Tensor batch_normalization(const Tensor& x, const Tensor& mean, const Tensor& variance, int64_t axis,
                           const Tensor& offset = {}, const Tensor& scale = {}, double epsilon = 1e-3);
// By the mean and variance over `axis`, then * gamma + beta, whose shape is that of the axes.
Tensor layer_normalization(const Tensor& x, const Tensor& gamma = {}, const Tensor& beta = {}, Axes axis = -1,
                           double epsilon = config::epsilon());
// x / sqrt(mean(x^2) + epsilon) * scale over `axis`.
Tensor rms_normalization(const Tensor& x, const Tensor& scale = {}, Axes axis = -1, double epsilon = config::epsilon());
// x / max(norm(x), epsilon), the norm of this order (at least 1) over `axis`.
Tensor normalize(const Tensor& x, Axes axis = -1, int64_t order = 2, double epsilon = config::epsilon());

}  // namespace hornbeam::ops
