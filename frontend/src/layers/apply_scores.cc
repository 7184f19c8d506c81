#include "frontend/src/layers/apply_scores.h"

#include <hornbeam/ops.h>
#include <hornbeam/random/distributions.h>

#include "frontend/src/layers/attending.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

Tensors apply_scores(const Tensor& scores, const Tensors& inputs, const CallArgs& args, double rate,
                     const std::optional<random::SeedGenerator>& seed) {
  Tensor query_mask = mask_of(inputs[0]), mask = mask_of(inputs[1]);
  if (mask) mask = ops::expand_dims(mask, -2);
  if (flag(args, "use_causal_mask")) mask = both(mask, causal_mask(scores.shape()[-2], scores.shape()[-1]));
  // Large enough for exp to give 0, and finite in the dtype.
  const double large = scores.dtype() == DType::float16 ? 65504.0 : 1e9;
  Tensor weights = ops::softmax(mask ? ops::where(mask, scores, scores - large) : scores, -1);
  if (args.is_training() && rate > 0) weights = random::dropout(weights, rate, {}, seed->next());
  Tensor y = ops::matmul(weights, inputs[1]);
  if (query_mask) y = with_mask(ops::where(ops::expand_dims(query_mask, -1), y, 0), query_mask);
  if (flag(args, "return_attention_scores")) return Tensors({y, weights});
  return y;
}

}  // namespace hornbeam::layers
