#include "frontend/src/layers/apply_scores.h"

#include <hornbeam/ops.h>
#include <hornbeam/random/distributions.h>

#include "frontend/src/layers/attending.h"
#include "frontend/src/mask.h"
#include "frontend/src/ops/blocked_attention.h"

namespace hornbeam::layers {

Tensors apply_scores(const Scores& scores, const Tensors& inputs, const CallArgs& args, double rate,
                     const std::optional<random::SeedGenerator>& seed) {
  const Tensor &query = inputs[0], &value = inputs[1], &key = inputs.size() > 2 ? inputs[2] : value;
  Tensor query_mask = mask_of(query), mask = mask_of(value);
  if (mask) mask = ops::expand_dims(mask, -2);
  const bool causal = flag(args, "use_causal_mask"), with_scores = flag(args, "return_attention_scores");
  auto weights_of = [&](const Tensor& scores, const Tensor& mask) {
    // Large enough for exp to give 0, and finite in the dtype.
    const double large = scores.dtype() == DType::float16 ? 65504.0 : 1e9;
    Tensor weights = ops::softmax(mask ? ops::where(mask, scores, scores - large) : scores, -1);
    return args.is_training() && rate > 0 ? random::dropout(weights, rate, {}, seed->next()) : weights;
  };
  const int64_t t = query.shape()[-2], s = key.shape()[-2];
  Tensor y, weights;
  if (query.rank() == 3 && !with_scores && ops::attends_in_blocks(t, s, {})) {
    auto with_heads = [](const Tensor& x) { return x ? ops::expand_dims(x, 1) : x; };
    y = ops::blocked_attention(with_heads(query), with_heads(key), with_heads(value), {with_heads(mask)},
                               [&](const Tensor& rows, const Tensor& keys, const ops::ScoreRows& at) {
                                 Tensor all = scores(rows, keys), seen = at.parts[0];
                                 if (causal)
                                   seen = both(seen, ops::greater_equal(steps_behind(at.first, all.shape()), 0));
                                 return weights_of(all, seen);
                               });
    y = ops::squeeze(y, 1);
  } else {
    if (causal) mask = both(mask, causal_mask(t, s));
    weights = weights_of(scores(query, key), mask);
    y = ops::matmul(weights, value);
  }
  if (query_mask) y = with_mask(ops::where(ops::expand_dims(query_mask, -1), y, 0), query_mask);
  if (with_scores) return Tensors({y, weights});
  return y;
}

}  // namespace hornbeam::layers
