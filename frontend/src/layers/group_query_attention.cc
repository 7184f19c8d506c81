#include <hornbeam/layers/group_query_attention.h>

#include <cmath>

#include <hornbeam/layers/dropout.h>
#include <hornbeam/layers/einsum_dense.h>
#include <hornbeam/ops.h>
#include <hornbeam/ops/arrange.h>

#include "frontend/src/layers/attending.h"
#include "frontend/src/layers/checks.h"
#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/windows.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<GroupQueryAttention> registered{"GroupQueryAttention", "keras.layers", {"GroupedQueryAttention"}};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("head_dim", options.head_dim);
  field("num_query_heads", options.num_query_heads);
  field("num_key_value_heads", options.num_key_value_heads);
  field("use_bias", options.use_bias);
  field("use_gate", options.use_gate);
  field("sliding_window", options.sliding_window);
  field("dropout", options.dropout);
  field("kernel_initializer", options.kernel_initializer);
  field("bias_initializer", options.bias_initializer);
  field("kernel_regularizer", options.kernel_regularizer);
  field("bias_regularizer", options.bias_regularizer);
  field("activity_regularizer", options.activity_regularizer);
  field("kernel_constraint", options.kernel_constraint);
  field("bias_constraint", options.bias_constraint);
  field("seed", options.seed);
};

}  // namespace

struct GroupQueryAttention::Parts {
  std::optional<EinsumDense> query, key, gate, value, output;
  std::optional<Dropout> dropout;
};

GroupQueryAttention::GroupQueryAttention(GroupQueryAttentionOptions options)
    : LayerOf(options.name, options.dtype, options.trainable),
      options_(std::move(options)),
      parts_(std::make_shared<Parts>()) {
  check_positive("GroupQueryAttention", "head_dim", options_.head_dim);
  check_positive("GroupQueryAttention", "num_query_heads", options_.num_query_heads);
  check_positive("GroupQueryAttention", "num_key_value_heads", options_.num_key_value_heads);
  if (options_.num_query_heads % options_.num_key_value_heads)
    throw ValueError(
        "[GroupQueryAttention] `num_query_heads` must be divisible by `num_key_value_heads`. Received: "
        "num_query_heads=" +
        std::to_string(options_.num_query_heads) +
        ", num_key_value_heads=" + std::to_string(options_.num_key_value_heads));
  if (options_.sliding_window) check_positive("GroupQueryAttention", "sliding_window", *options_.sliding_window);
  check_rate("GroupQueryAttention", options_.dropout);
  check_flash_attention("GroupQueryAttention", options_.flash_attention, options_.dropout);
}

void GroupQueryAttention::check_input(const Shapes& inputs) const {
  check_attention_inputs(*this, inputs);
  for (const Shape& input : inputs) check_rank(*this, input, 3);
}

void GroupQueryAttention::build(const Shapes& inputs) {
  const Shape &query = inputs[0], &value = inputs[1], &key = inputs.size() > 2 ? inputs[2] : value;
  auto dense = [&](const char* name, const char* equation, const Shape& output_shape, const char* bias_axes,
                   const char* activation, const Shape& input) {
    EinsumDense layer({.equation = equation,
                       .output_shape = output_shape,
                       .activation = activation,
                       .bias_axes = options_.use_bias ? std::optional<std::string>(bias_axes) : std::nullopt,
                       .kernel_initializer = options_.kernel_initializer,
                       .bias_initializer = options_.bias_initializer,
                       .kernel_regularizer = options_.kernel_regularizer,
                       .bias_regularizer = options_.bias_regularizer,
                       .activity_regularizer = options_.activity_regularizer,
                       .kernel_constraint = options_.kernel_constraint,
                       .bias_constraint = options_.bias_constraint,
                       .name = name,
                       .dtype = dtype_policy()});
    layer.ensure_built(input);
    const std::string attribute = std::string(name) == "attention_output" ? "output" : name;
    return track(layer, "_" + attribute + "_dense");
  };
  const Shape queries{kUnknown, options_.num_query_heads, options_.head_dim};
  const Shape keys{kUnknown, options_.num_key_value_heads, options_.head_dim};
  parts_->query = dense("query", "bqm,muh->bquh", queries, "uh", "linear", query);
  parts_->key = dense("key", "bkm,mvh->bkvh", keys, "vh", "linear", key);
  if (options_.use_gate) parts_->gate = dense("gate", "bqm,muh->bquh", queries, "uh", "sigmoid", query);
  parts_->value = dense("value", "bkm,mvh->bkvh", keys, "vh", "linear", value);
  parts_->dropout =
      track(Dropout({.rate = options_.dropout, .seed = options_.seed, .dtype = dtype_policy()}), "_dropout_layer");
  parts_->output = dense("attention_output", "bquh,uhm->bqm", {kUnknown, query[-1]}, "m", "linear",
                         {query[0], query[1], options_.num_query_heads, options_.head_dim});
}

Tensors GroupQueryAttention::call(const Tensors& inputs, const CallArgs& args) {
  const Tensor &query = inputs[0], &value = inputs[1], &key = inputs.size() > 2 ? inputs[2] : value;
  // Each head of key and value stands next to itself as often as heads of the query share it.
  auto repeated = [&](const Tensor& x) {
    return ops::repeat(x, options_.num_query_heads / options_.num_key_value_heads, 2);
  };
  const bool with_scores = flag(args, "return_attention_scores");
  if (with_scores) check_scores_are_there("GroupQueryAttention", options_.flash_attention);
  Attending how{.axes = {1},
                .scale = 1 / std::sqrt(static_cast<double>(options_.head_dim)),
                .mask = attention_mask(inputs, step_mask(query, args, "query_mask"), args, options_.sliding_window),
                .in_blocks = options_.flash_attention,
                .with_scores = with_scores};
  if (options_.dropout > 0) how.drop = [&](const Tensor& scores) { return (*parts_->dropout)(scores); };
  Attended attended =
      attend((*parts_->query)(query), repeated((*parts_->key)(key)), repeated((*parts_->value)(value)), how);
  Tensor heads = attended.output;
  if (parts_->gate) heads = heads * (*parts_->gate)(query);
  Tensor y = with_mask((*parts_->output)(heads), mask_of(query));
  if (with_scores) return Tensors({y, attended.scores});
  return y;
}

Config GroupQueryAttention::config() const { return with_fields(base_config(), options_, kFields); }

GroupQueryAttention GroupQueryAttention::from_config(const Config& config) {
  return GroupQueryAttention(options_from<GroupQueryAttentionOptions>(config, kFields));
}

}  // namespace hornbeam::layers
