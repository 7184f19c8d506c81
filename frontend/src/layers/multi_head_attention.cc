#include <hornbeam/layers/multi_head_attention.h>

#include <cmath>

#include <hornbeam/layers/dropout.h>
#include <hornbeam/layers/einsum_dense.h>
#include <hornbeam/ops/elementwise.h>

#include "frontend/src/layers/attending.h"
#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/windows.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<MultiHeadAttention> registered{"MultiHeadAttention", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("num_heads", options.num_heads);
  field("key_dim", options.key_dim);
  field("dropout", options.dropout);
  field("use_bias", options.use_bias);
  field("use_gate", options.use_gate);
  field("output_shape", options.output_shape);
  field("attention_axes", options.attention_axes);
  field("sliding_window", options.sliding_window);
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

struct MultiHeadAttention::Parts {
  std::optional<EinsumDense> query, key, gate, value, output;
  std::optional<Dropout> dropout;
};

MultiHeadAttention::MultiHeadAttention(MultiHeadAttentionOptions options)
    : LayerOf(options.name, options.dtype, options.trainable),
      options_(std::move(options)),
      parts_(std::make_shared<Parts>()) {
  check_positive("MultiHeadAttention", "num_heads", options_.num_heads);
  check_positive("MultiHeadAttention", "key_dim", options_.key_dim);
  if (!options_.value_dim) options_.value_dim = options_.key_dim;
  check_positive("MultiHeadAttention", "value_dim", *options_.value_dim);
  if (options_.sliding_window) check_positive("MultiHeadAttention", "sliding_window", *options_.sliding_window);
  check_rate("MultiHeadAttention", options_.dropout);
  check_flash_attention("MultiHeadAttention", options_.flash_attention, options_.dropout);
}

std::vector<int64_t> MultiHeadAttention::attention_axes(int64_t rank) const {
  std::vector<int64_t> axes;
  if (!options_.attention_axes)
    for (int64_t axis = 1; axis + 1 < rank; ++axis) axes.push_back(axis);
  else
    for (int64_t axis : *options_.attention_axes) axes.push_back(axis < 0 ? axis + rank : axis);
  return axes;
}

void MultiHeadAttention::check_input(const Shapes& inputs) const { check_attention_inputs(*this, inputs); }

void MultiHeadAttention::build(const Shapes& inputs) {
  const Shape &query = inputs[0], &value = inputs[1], &key = inputs.size() > 2 ? inputs[2] : value;
  auto dense = [&](const char* name, const char* attribute, const std::string& equation, const Shape& output_shape,
                   const std::string& bias_axes, const char* activation, const Shape& input) {
    EinsumDense layer({.equation = equation,
                       .output_shape = output_shape,
                       .activation = activation,
                       .bias_axes = options_.use_bias ? std::optional(bias_axes) : std::nullopt,
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
    return track(layer, attribute);
  };
  const Shape keys{options_.num_heads, options_.key_dim}, values{options_.num_heads, *options_.value_dim};
  parts_->query = dense("query", "query_dense", "...m,muh->...uh", keys, "uh", "linear", query);
  parts_->key = dense("key", "key_dense", "...m,muh->...uh", keys, "uh", "linear", key);
  if (options_.use_gate) parts_->gate = dense("gate", "_gate_dense", "...m,muh->...uh", values, "uh", "sigmoid", query);
  parts_->value = dense("value", "value_dense", "...m,muh->...uh", values, "uh", "linear", value);
  parts_->dropout =
      track(Dropout({.rate = options_.dropout, .seed = options_.seed, .dtype = dtype_policy()}), "_dropout_layer");
  Shape output = options_.output_shape.value_or(Shape{query[-1]});
  const std::string letters = std::string("mnopqrst").substr(0, output.size());
  if (letters.size() < output.size())
    throw ValueError("[MultiHeadAttention] output_shape has too many axes. Received: output_shape=" +
                     output.to_string());
  Shape heads(std::vector<int64_t>(query.begin(), query.end() - 1));
  heads.push_back(values[0]);
  heads.push_back(values[1]);
  parts_->output = dense("attention_output", "output_dense", "...uh,uh" + letters + "->..." + letters, output, letters,
                         "linear", heads);
}

Tensors MultiHeadAttention::call(const Tensors& inputs, const CallArgs& args) {
  const Tensor &query = inputs[0], &value = inputs[1], &key = inputs.size() > 2 ? inputs[2] : value;
  std::vector<int64_t> axes = attention_axes(query.rank());
  const bool with_scores = flag(args, "return_attention_scores");
  if (with_scores) check_scores_are_there("MultiHeadAttention", options_.flash_attention);
  Attending how{.axes = axes,
                .scale = 1 / std::sqrt(static_cast<double>(options_.key_dim)),
                .mask = attention_mask(inputs, mask_of(query), args, options_.sliding_window),
                .in_blocks = options_.flash_attention,
                .with_scores = with_scores};
  if (options_.dropout > 0) how.drop = [&](const Tensor& scores) { return (*parts_->dropout)(scores); };
  Attended attended = attend((*parts_->query)(query), (*parts_->key)(key), (*parts_->value)(value), how);
  Tensor heads = attended.output;
  if (parts_->gate) heads = heads * (*parts_->gate)(query);
  Tensor y = with_mask((*parts_->output)(heads), mask_of(query));
  if (with_scores) return Tensors({y, attended.scores});
  return y;
}

Config MultiHeadAttention::config() const {
  Config config = with_fields(base_config(), options_, kFields);
  config["value_dim"] = options_.value_dim;
  if (built()) config["attention_axes"] = attention_axes(build_shapes()[0].rank());
  return config;
}

MultiHeadAttention MultiHeadAttention::from_config(const Config& config) {
  auto options = options_from<MultiHeadAttentionOptions>(config, kFields);
  config.read("value_dim", options.value_dim);
  return MultiHeadAttention(std::move(options));
}

}  // namespace hornbeam::layers
