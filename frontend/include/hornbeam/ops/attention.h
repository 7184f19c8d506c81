// Attention as one op; name and arguments as keras.ops.
#pragma once

#include <optional>

#include <hornbeam/tensor.h>

namespace hornbeam::ops {

// softmax(scale * query · key + bias) · value, per head:
//   query [B, T, N, H], key and value [B, S, K, H], N a multiple of K (query heads share key heads in order)
//   bias and mask broadcast to [B, N, T, S]; where the mask is false, nothing is attended to
// scale is 1 / sqrt(H) if not given; is_causal leaves query t the keys 0 … t. flash_attention: never to hold the scores
// of all queries and keys in memory; if not given, where they are many (hornbeam/flash_attention.h). Returns
// [B, T, N, H].
Tensor dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& bias = {},
                             const Tensor& mask = {}, std::optional<double> scale = {}, bool is_causal = false,
                             std::optional<bool> flash_attention = {});

}  // namespace hornbeam::ops
