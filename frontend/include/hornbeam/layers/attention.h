// Attention.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct AttentionOptions {
  bool use_scale = false;            // multiplies the scores by a weight
  std::string score_mode = "dot";    // or "concat": the sum of tanh(query + key)
  double dropout = 0.0;              // of the scores, in training
  std::optional<int64_t> seed = {};
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// Called on {query, value} or {query, value, key}: softmax(scores) · value, with the scores query · key for each pair
// of steps.
//   query [batch, t, features], value [batch, s, size], key [batch, s, features] or none  →  [batch, t, size]
// Options of a call: "use_causal_mask", "return_attention_scores" (the scores [batch, t, s] are a second result). Steps
// that the value's mask excludes get no weight; those that the query's excludes are 0, and the output carries that
// mask. Luong et al., "Effective approaches to attention-based neural machine translation", EMNLP 2015. Throws
// ValueError for another number of inputs, shapes that do not match and a score mode that is not known.
class Attention : public LayerOf<Attention> {
 public:
  explicit Attention(AttentionOptions options = {});
  void check_input(const Shapes& inputs) const override;
  void build(const Shapes& inputs) override;
  Tensors call(const Tensors& inputs, const CallArgs& args) override;
  Config config() const override;
  static Attention from_config(const Config& config);

 private:
  AttentionOptions options_;
  Variable scale_, concat_score_weight_;
  std::optional<random::SeedGenerator> seed_;
};

}  // namespace hornbeam::layers
