// ReversibleEmbedding.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct ReversibleEmbeddingOptions {
  int64_t input_dim = 0;   // size of the vocabulary: ids are in [0, input_dim); must be > 0
  int64_t output_dim = 0;  // length of the vectors; must be > 0
  bool tie_weights = true;  // one matrix for both directions
  Initializer embeddings_initializer = "uniform";
  Regularizer embeddings_regularizer = {};
  Constraint embeddings_constraint = {};
  bool mask_zero = false;                      // id 0 is padding: the output carries the mask ids != 0
  std::optional<std::string> reverse_dtype = {};  // what the reverse direction is computed in
  std::optional<double> logit_soft_cap = {};      // bounds logits: cap * tanh(logits / cap)
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// An Embedding that also goes back. A vector for each id: x [...] of integers → [..., output_dim]; with the option
// "reverse" of a call logits for each id: x [..., output_dim] → [..., input_dim]. Press and Wolf, "Using the output
// embedding to improve language models", 2016. Throws ValueError for sizes that are not positive and for vectors of
// another length.
class ReversibleEmbedding : public UnaryLayerOf<ReversibleEmbedding> {
 public:
  explicit ReversibleEmbedding(ReversibleEmbeddingOptions options);
  void build(const Shape& input) override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static ReversibleEmbedding from_config(const Config& config);

 protected:
  bool autocasts() const override { return false; }

 private:
  ReversibleEmbeddingOptions options_;
  Variable embeddings_, reverse_embeddings_;
};

}  // namespace hornbeam::layers
