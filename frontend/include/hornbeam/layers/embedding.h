// Embedding.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct EmbeddingOptions {
  int64_t input_dim = 0;   // size of the vocabulary: ids are in [0, input_dim); must be > 0
  int64_t output_dim = 0;  // length of the vectors; must be > 0
  Initializer embeddings_initializer = "uniform";
  Regularizer embeddings_regularizer = {};
  Constraint embeddings_constraint = {};
  bool mask_zero = false;  // id 0 is padding: the output carries the mask ids != 0
  std::optional<int64_t> lora_rank = {};  // the vectors are frozen, and a product of this rank is added to them
  std::optional<double> lora_alpha = {};  // lora_rank if unset
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// A vector for each id: x [...] of integers → [..., output_dim]. An id outside the vocabulary takes the nearest one.
// Floats are cut to integers. Throws ValueError for sizes that are not positive.
class Embedding : public UnaryLayerOf<Embedding> {
 public:
  explicit Embedding(EmbeddingOptions options);
  void build(const Shape& input) override;
  Tensor call(const Tensor& x, const CallArgs&) override;
  Config config() const override;
  static Embedding from_config(const Config& config);

  const Variable& embeddings() const { return embeddings_; }

 protected:
  bool autocasts() const override { return false; }

 private:
  EmbeddingOptions options_;
  Variable embeddings_;
  Variable lora_embeddings_a_, lora_embeddings_b_;  // with lora_rank only
};

}  // namespace hornbeam::layers
