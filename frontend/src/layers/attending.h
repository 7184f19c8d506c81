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
// By how many steps each row of a block of scores is behind each column: [rows, s], whose first row is `first`.
Tensor steps_behind(const Tensor& first, const Shape& block);
// Both must hold; either may be missing.
Tensor both(const Tensor& a, const Tensor& b);

// All masks of a call on {query, value[, key]}: the query's, by step; those that value and key carry or that stand
// among the arguments as "value_mask" and "key_mask"; the argument "attention_mask"; the option "use_causal_mask"; a
// window.
struct AttentionMask {
  Tensor queries, keys;  // [batch, t] and [batch, s]; any of the tensors may be missing
  Tensor given;          // [batch, t, s], perhaps with more axes behind the first, or without it
  bool causal = false;
  std::optional<int64_t> window;

  // All of them as one [batch or 1, t, s], not valid if there is none.
  Tensor whole(int64_t t, int64_t s) const;
};
AttentionMask attention_mask(const Tensors& inputs, const Tensor& query_mask, const CallArgs& args,
                             const std::optional<int64_t>& window);
// A mask that a tensor carries, or the argument of that name.
Tensor step_mask(const Tensor& tensor, const CallArgs& args, const std::string& name);

// A call's option that is true or false.
bool flag(const CallArgs& args, const char* name);
// As Keras: with flash attention there is no dropout, and no matrix of scores to be returned. Throw ValueError.
void check_flash_attention(const char* layer, const std::optional<bool>& flash_attention, double dropout);
void check_scores_are_there(const char* layer, const std::optional<bool>& flash_attention);
// Throws ValueError unless there are two or three inputs.
void check_attention_inputs(const Layer& layer, const Shapes& inputs);

struct Attended {
  Tensor output;  // as the query, with the values' last axis
  Tensor scores;  // [batch axes…, t…, s…], after the softmax; not valid where they never were all there
};

struct Attending {
  std::vector<int64_t> axes;  // those of the steps
  double scale;
  AttentionMask mask;
  std::function<Tensor(const Tensor&)> drop;  // is applied to the scores; may be empty
  std::optional<bool> in_blocks;              // whether never to hold all scores; not given: where they are many
  bool with_scores = false;                   // whether they are wanted, too
};

// softmax(query · key * scale) · value, over the attention axes of tensors [batch, …, heads, features]: all other axes
// but the last are batch axes. The mask has the last axes of the scores and, if there are more, the first. Vaswani et
// al., "Attention is all you need", NIPS 2017.
Attended attend(const Tensor& query, const Tensor& key, const Tensor& value, const Attending& how);

}  // namespace hornbeam::layers
