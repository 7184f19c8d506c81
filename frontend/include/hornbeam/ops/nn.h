// Products, convolutions, pooling, softmax and cross-entropies; names and arguments as keras.ops.
#pragma once

#include <string>
#include <vector>

#include <hornbeam/ops/axes.h>
#include <hornbeam/settings.h>
#include <hornbeam/tensor.h>

namespace hornbeam::ops {

// NumPy's: batch axes broadcast; a vector on the left is a row, on the right a column.
Tensor matmul(const Tensor& x1, const Tensor& x2);
Tensor dot(const Tensor& x1, const Tensor& x2);
Tensor tensordot(const Tensor& x1, const Tensor& x2, std::vector<int64_t> axes1, std::vector<int64_t> axes2);

Tensor softmax(const Tensor& x, int64_t axis = -1);
Tensor log_softmax(const Tensor& x, int64_t axis = -1);
Tensor softplus(const Tensor& x);
Tensor silu(const Tensor& x);

// From logits over the last axis, one value a row: [..., C] and integer classes [...], or targets [..., C].
Tensor sparse_softmax_cross_entropy(const Tensor& labels, const Tensor& logits);
Tensor softmax_cross_entropy(const Tensor& targets, const Tensor& logits);

// keras.ops' losses on predictions. Where the predictions are the output of a softmax (sigmoid) in the same trace and
// from_logits is false, its logits are used; else probabilities are clipped at 1e-7.
Tensor sparse_categorical_crossentropy(const Tensor& target, const Tensor& output, bool from_logits = false, int64_t axis = -1);
Tensor categorical_crossentropy(const Tensor& target, const Tensor& output, bool from_logits = false, int64_t axis = -1);
Tensor binary_crossentropy(const Tensor& target, const Tensor& output, bool from_logits = false);

// inputs [N, spatial…, C], kernel [spatial…, C / groups, F] (channels_last), or inputs [N, C, spatial…] (channels_first).
// padding "valid" or "same" (the odd element at the end).
Tensor conv(const Tensor& inputs, const Tensor& kernel, std::vector<int64_t> strides = {1}, const std::string& padding = "valid",
            const std::string& data_format = config::image_data_format(), std::vector<int64_t> dilation_rate = {1});
// Each channel with kernels of its own: kernel [spatial…, C, depth_multiplier] → C * depth_multiplier channels.
Tensor depthwise_conv(const Tensor& inputs, const Tensor& kernel, std::vector<int64_t> strides = {1},
                      const std::string& padding = "valid",
                      const std::string& data_format = config::image_data_format(),
                      std::vector<int64_t> dilation_rate = {1});
// depthwise_conv, then a convolution with pointwise_kernel [1…, C * depth_multiplier, F].
Tensor separable_conv(const Tensor& inputs, const Tensor& depthwise_kernel, const Tensor& pointwise_kernel,
                      std::vector<int64_t> strides = {1}, const std::string& padding = "valid",
                      const std::string& data_format = config::image_data_format(),
                      std::vector<int64_t> dilation_rate = {1});
// The gradient of a convolution by its inputs: kernel [spatial…, F, C]. An axis of n becomes, with
// k = (kernel size - 1) * dilation + 1, (n - 1) * stride + k + output_padding ("valid") or
// (n - 1) * stride + k % 2 + output_padding ("same"); without output_padding n * stride, for "valid" and k - stride more
// where that is positive.
Tensor conv_transpose(const Tensor& inputs, const Tensor& kernel, std::vector<int64_t> strides = {1},
                      const std::string& padding = "valid", std::vector<int64_t> output_padding = {},
                      const std::string& data_format = config::image_data_format(),
                      std::vector<int64_t> dilation_rate = {1});
Tensor max_pool(const Tensor& inputs, std::vector<int64_t> pool_size, std::vector<int64_t> strides = {},
                const std::string& padding = "valid", const std::string& data_format = config::image_data_format());
Tensor average_pool(const Tensor& inputs, std::vector<int64_t> pool_size, std::vector<int64_t> strides = {},
                    const std::string& padding = "valid", const std::string& data_format = config::image_data_format());

}  // namespace hornbeam::ops
