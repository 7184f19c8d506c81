#include <hornbeam/layers/reversible_embedding.h>

#include <hornbeam/ops.h>

#include "frontend/src/layers/attending.h"
#include "frontend/src/layers/checks.h"
#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/windows.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<ReversibleEmbedding> registered{"ReversibleEmbedding", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("input_dim", options.input_dim);
  field("output_dim", options.output_dim);
  field("tie_weights", options.tie_weights);
  field("embeddings_initializer", options.embeddings_initializer);
  field("embeddings_regularizer", options.embeddings_regularizer);
  field("embeddings_constraint", options.embeddings_constraint);
  field("mask_zero", options.mask_zero);
  field("reverse_dtype", options.reverse_dtype);
  field("logit_soft_cap", options.logit_soft_cap);
};

}  // namespace

ReversibleEmbedding::ReversibleEmbedding(ReversibleEmbeddingOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  check_positive("ReversibleEmbedding", "input_dim", options_.input_dim);
  check_positive("ReversibleEmbedding", "output_dim", options_.output_dim);
}

void ReversibleEmbedding::build(const Shape& input) {
  embeddings_ = add_weight({.name = "embeddings",
                            .shape = {options_.input_dim, options_.output_dim},
                            .initializer = options_.embeddings_initializer,
                            .regularizer = options_.embeddings_regularizer,
                            .constraint = options_.embeddings_constraint});
  if (!options_.tie_weights)
    reverse_embeddings_ = add_weight({.name = "reverse_embeddings",
                                      .shape = {options_.output_dim, options_.input_dim},
                                      .initializer = options_.embeddings_initializer});
}

Tensor ReversibleEmbedding::call(const Tensor& x, const CallArgs& args) {
  if (!flag(args, "reverse")) {
    Tensor ids = is_integer(x.dtype()) ? x : ops::cast(x, DType::int32);
    Tensor y = ops::cast(ops::take(embeddings_, ids, 0), compute_dtype());
    return options_.mask_zero ? with_mask(y, ops::not_equal(x, 0)) : y;
  }
  if (x.shape()[-1] != options_.output_dim)
    throw ValueError(incompatible(*this) + "expected vectors of length output_dim=" +
                     std::to_string(options_.output_dim) + ". Full shape received: " + x.shape().to_string());
  Tensor in = x, kernel = options_.tie_weights ? ops::transpose(embeddings_) : Tensor(reverse_embeddings_);
  DType dtype = compute_dtype();
  if (options_.reverse_dtype) Config(*options_.reverse_dtype).to(dtype);
  Tensor logits = ops::matmul(ops::cast(in, dtype), ops::cast(kernel, dtype));
  if (options_.logit_soft_cap) logits = ops::tanh(logits / *options_.logit_soft_cap) * *options_.logit_soft_cap;
  return logits;
}

Config ReversibleEmbedding::config() const {
  Config config = with_fields(base_config(), options_, kFields);
  config["activity_regularizer"] = nullptr;
  config["quantization_config"] = nullptr;
  return config;
}

ReversibleEmbedding ReversibleEmbedding::from_config(const Config& config) {
  return ReversibleEmbedding(options_from<ReversibleEmbeddingOptions>(config, kFields));
}

}  // namespace hornbeam::layers
