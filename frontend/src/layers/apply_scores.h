// What Attention and AdditiveAttention do with queries, keys and a function of both, the scores.
#pragma once

#include <functional>
#include <optional>

#include <hornbeam/layer.h>

namespace hornbeam::layers {

// The scores [..., t, s] of queries [..., t, h] and keys [..., s, h], with none or several axes in front.
using Scores = std::function<Tensor(const Tensor& query, const Tensor& key)>;

// The values weighted by the softmax of the scores: masks, dropout, and the results that the call asks for. Where there
// are many scores, they are computed in blocks.
Tensors apply_scores(const Scores& scores, const Tensors& inputs, const CallArgs& args, double rate,
                     const std::optional<random::SeedGenerator>& seed);

}  // namespace hornbeam::layers
