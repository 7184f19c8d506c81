#include <hornbeam/layers/attention.h>

#include <hornbeam/ops.h>

#include "frontend/src/layers/apply_scores.h"
#include "frontend/src/layers/attending.h"
#include "frontend/src/layers/checks.h"
#include "frontend/src/layers/fields.h"

namespace hornbeam::layers {

static const Register<Attention> registered{"Attention", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("use_scale", options.use_scale);
  field("score_mode", options.score_mode);
  field("dropout", options.dropout);
  field("seed", options.seed);
};

}  // namespace

Attention::Attention(AttentionOptions options)
    : LayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  if (options_.score_mode != "dot" && options_.score_mode != "concat")
    throw ValueError(
        "[Attention] Invalid value for argument score_mode. Expected one of {'dot', 'concat'}. Received: "
        "score_mode=" +
        options_.score_mode);
  check_rate("Attention", options_.dropout);
  if (options_.dropout > 0) seed_ = track(random::SeedGenerator(options_.seed));
}

void Attention::check_input(const Shapes& inputs) const { check_attention_inputs(*this, inputs); }

void Attention::build(const Shapes& inputs) {
  if (options_.use_scale) scale_ = add_weight({.name = "scale", .initializer = "ones"});
  if (options_.score_mode == "concat")
    concat_score_weight_ = add_weight({.name = "concat_score_weight", .initializer = "ones"});
}

Tensors Attention::call(const Tensors& inputs, const CallArgs& args) {
  auto scores = [&](const Tensor& query, const Tensor& key) -> Tensor {
    if (options_.score_mode == "dot") {
      Tensor products = ops::matmul(query, ops::swapaxes(key, -2, -1));
      return scale_ ? products * scale_ : products;
    }
    Tensor sum = ops::expand_dims(query, -2) + ops::expand_dims(key, -3);
    if (scale_) sum = sum * scale_;
    return Tensor(concat_score_weight_) * ops::sum(ops::tanh(sum), -1);
  };
  return apply_scores(scores, inputs, args, options_.dropout, seed_);
}

Config Attention::config() const { return with_fields(base_config(), options_, kFields); }

Attention Attention::from_config(const Config& config) {
  return Attention(options_from<AttentionOptions>(config, kFields));
}

}  // namespace hornbeam::layers
