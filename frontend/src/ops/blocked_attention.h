// Attention some rows of the scores at a time (after Dao et al., "FlashAttention", NeurIPS 2022, and Rabe and Staats,
// "Self-attention does not need O(n²) memory", 2021): the whole matrix of scores never stands in memory. In an open
// trace.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include <hornbeam/tensor.h>

namespace hornbeam::ops {

// Whether scores of t queries and s keys are computed in blocks: as `wanted` says; if it says nothing, where it pays
// and flash attention is not disabled.
bool attends_in_blocks(int64_t t, int64_t s, std::optional<bool> wanted);

// Some rows of one matrix of scores.
struct ScoreRows {
  Tensor first;               // the number of the first row: an int32 scalar
  std::vector<Tensor> parts;  // the rows' share of what was given, [rows or 1, s or 1] each; not valid where it was not
};

// The weights of `rows` queries [rows, h] for all keys [s, h]: [rows, s].
using WeightsOfRows = std::function<Tensor(const Tensor& query, const Tensor& key, const ScoreRows& rows)>;

// weights · value for query [batch, heads, t, h], key [batch, heads, s, h] and value [batch, heads, s, v]:
// [batch, heads, t, v]. `parts` are tensors that broadcast to the scores [batch, heads, t, s] (masks, biases), some of
// them perhaps not valid. For a gradient the weights are computed again.
Tensor blocked_attention(const Tensor& query, const Tensor& key, const Tensor& value, const std::vector<Tensor>& parts,
                         const WeightsOfRows& weights);

}  // namespace hornbeam::ops
