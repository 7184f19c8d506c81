#include <hornbeam/layers/embedding.h>

#include <hornbeam/ops.h>

#include "frontend/src/layers/checks.h"
#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/lora.h"
#include "frontend/src/layers/windows.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<Embedding> registered{"Embedding", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("input_dim", options.input_dim);
  field("output_dim", options.output_dim);
  field("embeddings_initializer", options.embeddings_initializer);
  field("embeddings_regularizer", options.embeddings_regularizer);
  field("embeddings_constraint", options.embeddings_constraint);
  field("mask_zero", options.mask_zero);
};

}  // namespace

Embedding::Embedding(EmbeddingOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  check_positive("Embedding", "input_dim", options_.input_dim);
  check_positive("Embedding", "output_dim", options_.output_dim);
  check_lora("Embedding", options_.lora_rank, options_.embeddings_constraint);
}

void Embedding::build(const Shape&) {
  embeddings_ = add_weight({.name = "embeddings",
                            .shape = {options_.input_dim, options_.output_dim},
                            .initializer = options_.embeddings_initializer,
                            .regularizer = options_.embeddings_regularizer,
                            .constraint = options_.embeddings_constraint});
  if (!options_.lora_rank) return;
  lora_embeddings_a_ = add_weight({.name = "lora_embeddings_a",
                                   .shape = {options_.input_dim, *options_.lora_rank},
                                   .initializer = "he_uniform",
                                   .dtype = DType::float32,
                                   .regularizer = options_.embeddings_regularizer});
  lora_embeddings_b_ = add_weight({.name = "lora_embeddings_b",
                                   .shape = {*options_.lora_rank, options_.output_dim},
                                   .initializer = "zeros",
                                   .dtype = DType::float32,
                                   .regularizer = options_.embeddings_regularizer});
  embeddings_.set_trainable(false);
}

Tensor Embedding::call(const Tensor& x, const CallArgs&) {
  Tensor ids = is_integer(x.dtype()) ? x : ops::cast(x, DType::int32);
  Tensor vectors = embeddings_;
  if (options_.lora_rank)
    vectors = lora_sum(vectors, lora_embeddings_a_, lora_embeddings_b_, *options_.lora_rank, options_.lora_alpha);
  Tensor y = ops::cast(ops::take(vectors, ids, 0), compute_dtype());
  return options_.mask_zero ? with_mask(y, ops::not_equal(x, 0)) : y;
}

Config Embedding::config() const {
  Config config = with_fields(base_config(), options_, kFields);
  config["activity_regularizer"] = nullptr;
  config["quantization_config"] = nullptr;
  add_lora(config, options_.lora_rank, options_.lora_alpha);
  return config;
}

Embedding Embedding::from_config(const Config& config) {
  auto options = options_from<EmbeddingOptions>(config, kFields);
  config.read("lora_rank", options.lora_rank);
  config.read("lora_alpha", options.lora_alpha);
  return Embedding(std::move(options));
}

}  // namespace hornbeam::layers
