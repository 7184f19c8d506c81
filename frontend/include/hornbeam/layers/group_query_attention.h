// GroupQueryAttention.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct GroupQueryAttentionOptions {
  int64_t head_dim = 0;             // features of each head; must be > 0
  int64_t num_query_heads = 0;      // must be > 0
  int64_t num_key_value_heads = 0;  // of key and value; must divide num_query_heads
  double dropout = 0.0;             // of the scores, in training
  bool use_bias = true;
  std::optional<int64_t> sliding_window = {};  // a step sees only those less than this far away
  std::optional<bool> flash_attention = {};    // not all scores in memory; unset: where they are many
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

// MultiHeadAttention in which several heads of the query share one of key and value; called in the same way on tensors
// of rank 3. Ainslie et al., "GQA: training generalized multi-query transformer models from multi-head checkpoints",
// 2023. Throws ValueError for sizes that are not positive, heads that do not divide, another number of inputs and
// shapes that do not match.
class GroupQueryAttention : public LayerOf<GroupQueryAttention> {
 public:
  explicit GroupQueryAttention(GroupQueryAttentionOptions options);
  void check_input(const Shapes& inputs) const override;
  void build(const Shapes& inputs) override;
  Tensors call(const Tensors& inputs, const CallArgs& args) override;
  Config config() const override;
  static GroupQueryAttention from_config(const Config& config);

  std::vector<std::string> argument_names() const override { return {"query", "value", "key"}; }

 private:
  GroupQueryAttentionOptions options_;
  struct Parts;  // sub-layers, made when the shapes are known and shared by all copies
  std::shared_ptr<Parts> parts_;
};

}  // namespace hornbeam::layers
