// AdditiveAttention.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct AdditiveAttentionOptions {
  bool use_scale = true;  // weighs the features of the scores
  double dropout = 0.0;   // of the scores, in training
  std::optional<int64_t> seed = {};
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// As Attention, with the scores sum(scale * tanh(query + key)) for each pair of steps; scale [features]. Bahdanau et
// al., "Neural machine translation by jointly learning to align and translate", ICLR 2015. Throws ValueError for
// another number of inputs than two or three and for shapes that do not match.
class AdditiveAttention : public LayerOf<AdditiveAttention> {
 public:
  explicit AdditiveAttention(AdditiveAttentionOptions options = {});
  void check_input(const Shapes& inputs) const override;
  void build(const Shapes& inputs) override;
  Tensors call(const Tensors& inputs, const CallArgs& args) override;
  Config config() const override;
  static AdditiveAttention from_config(const Config& config);

 private:
  AdditiveAttentionOptions options_;
  Variable scale_;
  std::optional<random::SeedGenerator> seed_;
};

}  // namespace hornbeam::layers
