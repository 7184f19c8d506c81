// MultiHeadAttention.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct MultiHeadAttentionOptions {
  int64_t num_heads = 0;                  // must be > 0
  int64_t key_dim = 0;                    // features of query and key in each head; must be > 0
  std::optional<int64_t> value_dim = {};  // of the value; key_dim if not given
  double dropout = 0.0;                   // of the scores, in training
  bool use_bias = true;
  std::optional<Shape> output_shape = {};                   // instead of the query's last axis
  std::optional<std::vector<int64_t>> attention_axes = {};  // the steps: all but batch and features if not given
  std::optional<int64_t> sliding_window = {};               // a step sees only those less than this far away
  std::optional<bool> flash_attention = {};                 // not all scores in memory; unset: where they are many
  Initializer kernel_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer bias_regularizer = {};
  Regularizer activity_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint bias_constraint = {};
  bool use_gate = false;  // multiplies the heads by sigmoid(a projection of the query)
  std::optional<int64_t> seed = {};
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// Called on {query, value} or {query, value, key}: each is projected for each head, the heads attend, and what they
// give is projected to the output.
//   query [batch, t, features], value [batch, s, …], key [batch, s, …] or none  →  [batch, t, features]
// Arguments of a call: "value_mask", "key_mask" [batch, steps] (instead of those the tensors carry; the query's is what
// it carries, as in Keras) and "attention_mask" [batch, t, s]; options "use_causal_mask" and "return_attention_scores"
// (the scores [batch, heads, t, s] are a second result). The output carries the query's mask. Vaswani et al.,
// "Attention is all you need", NIPS 2017. Throws ValueError for sizes that are not positive, another number of inputs
// and shapes that do not match.
class MultiHeadAttention : public LayerOf<MultiHeadAttention> {
 public:
  explicit MultiHeadAttention(MultiHeadAttentionOptions options);
  void check_input(const Shapes& inputs) const override;
  void build(const Shapes& inputs) override;
  Tensors call(const Tensors& inputs, const CallArgs& args) override;
  Config config() const override;
  static MultiHeadAttention from_config(const Config& config);

  std::vector<std::string> argument_names() const override { return {"query", "value", "key"}; }

 private:
  MultiHeadAttentionOptions options_;
  // Counted from the front.
  std::vector<int64_t> attention_axes(int64_t rank) const;

  struct Parts;  // sub-layers, made when the shapes are known and shared by all copies
  std::shared_ptr<Parts> parts_;
};

}  // namespace hornbeam::layers
