#include <hornbeam/layers/additive_attention.h>

#include <hornbeam/ops.h>

#include "frontend/src/layers/apply_scores.h"
#include "frontend/src/layers/attending.h"
#include "frontend/src/layers/checks.h"
#include "frontend/src/layers/fields.h"

namespace hornbeam::layers {

static const Register<AdditiveAttention> registered{"AdditiveAttention", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("use_scale", options.use_scale);
  field("dropout", options.dropout);
  field("seed", options.seed);
};

}  // namespace

AdditiveAttention::AdditiveAttention(AdditiveAttentionOptions options)
    : LayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  check_rate("AdditiveAttention", options_.dropout);
  if (options_.dropout > 0) seed_ = track(random::SeedGenerator(options_.seed));
}

void AdditiveAttention::check_input(const Shapes& inputs) const { check_attention_inputs(*this, inputs); }

void AdditiveAttention::build(const Shapes& inputs) {
  check_known_axis(*this, inputs[0], -1);
  if (options_.use_scale) scale_ = add_weight({.name = "scale", .shape = {inputs[0][-1]}});
}

Tensors AdditiveAttention::call(const Tensors& inputs, const CallArgs& args) {
  auto scores = [&](const Tensor& query, const Tensor& key) {
    Tensor sums = ops::tanh(ops::expand_dims(query, -2) + ops::expand_dims(key, -3));
    return ops::sum(scale_ ? sums * scale_ : sums, -1);
  };
  return apply_scores(scores, inputs, args, options_.dropout, seed_);
}

Config AdditiveAttention::config() const { return with_fields(base_config(), options_, kFields); }

AdditiveAttention AdditiveAttention::from_config(const Config& config) {
  return AdditiveAttention(options_from<AdditiveAttentionOptions>(config, kFields));
}

}  // namespace hornbeam::layers
