// What Attention and AdditiveAttention do with their scores.
#pragma once

#include <optional>

#include <hornbeam/layer.h>

namespace hornbeam::layers {

// The values weighted by the softmax of scores [batch, t, s]: masks, dropout, and the results that the call asks for.
Tensors apply_scores(const Tensor& scores, const Tensors& inputs, const CallArgs& args, double rate,
                     const std::optional<random::SeedGenerator>& seed);

}  // namespace hornbeam::layers
