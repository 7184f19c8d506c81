// What attention layers share: masks, scores, and the weighted sum of values.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <hornbeam/layer.h>

namespace hornbeam::layers {

// Booleans [1, t, s]: step t may see steps up to t.
Tensor causal_mask(int64_t t, int64_t s);
// Booleans [1, t, s]: step t may see the steps less than `window` away.
Tensor window_mask(int64_t t, int64_t s, int64_t window);
// Both must hold; either may be missing.
Tensor both(const Tensor& a, const Tensor& b);

// All masks of a call on {query, value[, key]} as one [batch, t, s], or none: the query's, by step; those that value
// and key carry or that stand among the arguments as "value_mask" and "key_mask"; the argument "attention_mask"; the
// option "use_causal_mask"; a window.
Tensor attention_mask(const Tensors& inputs, const Tensor& query_mask, const CallArgs& args,
                      const std::optional<int64_t>& window);
// A mask that a tensor carries, or the argument of that name.
Tensor step_mask(const Tensor& tensor, const CallArgs& args, const std::string& name);

// A call's option that is true or false.
bool flag(const CallArgs& args, const char* name);
// Throws ValueError unless there are two or three inputs.
void check_attention_inputs(const Layer& layer, const Shapes& inputs);

struct Attended {
  Tensor output;  // as the query, with the values' last axis
  Tensor scores;  // [batch axes…, t…, s…], after the softmax
};

// softmax(query · key * scale) · value, over the attention axes of tensors [batch, …, heads, features]: all other axes
// but the last are batch axes. The mask has the last axes of the scores and, if there are more, the first. `drop` is
// applied to the scores. Vaswani et al., "Attention is all you need", NIPS 2017.
Attended attend(const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& mask,
                const std::vector<int64_t>& axes, double scale, const std::function<Tensor(const Tensor&)>& drop);

}  // namespace hornbeam::layers
