#include <hornbeam/layers/group_normalization.h>

#include <hornbeam/ops.h>

#include "frontend/src/layers/checks.h"
#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/normalized_axes.h"
#include "frontend/src/layers/uncast.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<GroupNormalization> registered{"GroupNormalization", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("groups", options.groups);
  field("axis", options.axis);
  field("epsilon", options.epsilon);
  field("center", options.center);
  field("scale", options.scale);
  field("beta_initializer", options.beta_initializer);
  field("gamma_initializer", options.gamma_initializer);
  field("beta_regularizer", options.beta_regularizer);
  field("gamma_regularizer", options.gamma_regularizer);
  field("beta_constraint", options.beta_constraint);
  field("gamma_constraint", options.gamma_constraint);
};

}  // namespace

GroupNormalization::GroupNormalization(GroupNormalizationOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  if (options_.groups <= 0 && options_.groups != -1)
    throw ValueError(
        "[GroupNormalization] groups must be positive, or -1 for instance normalization. Received: groups=" +
        std::to_string(options_.groups));
}

void GroupNormalization::check_input(const Shape& input) const {
  check_axes(*this, options_.axis, input);
  int64_t axis = options_.axis < 0 ? options_.axis + input.rank() : options_.axis, features = input[axis];
  if (axis == 0)
    throw ValueError(incompatible(*this) + "axis=" + std::to_string(options_.axis) +
                     " is the batch axis. Full shape received: " + input.to_string());
  if (features >= 0 && options_.groups > 0 && features % options_.groups)
    throw ValueError("[GroupNormalization] Number of groups (" + std::to_string(options_.groups) +
                     ") must divide the number of channels (" + std::to_string(features) + ") of layer '" + name() +
                     "'. Received: input of shape " + input.to_string());
  const Variable& weight = gamma_ ? gamma_ : beta_;
  if (weight) check_axis(*this, input, axis, weight.shape()[0]);
}

void GroupNormalization::build(const Shape& input) {
  check_known_axis(*this, input, options_.axis);
  Shape features{input[options_.axis]};
  if (options_.scale)
    gamma_ = add_weight({.name = "gamma",
                         .shape = features,
                         .initializer = options_.gamma_initializer,
                         .regularizer = options_.gamma_regularizer,
                         .constraint = options_.gamma_constraint});
  if (options_.center)
    beta_ = add_weight({.name = "beta",
                        .shape = features,
                        .initializer = options_.beta_initializer,
                        .regularizer = options_.beta_regularizer,
                        .constraint = options_.beta_constraint});
}

Tensor GroupNormalization::call(const Tensor& x, const CallArgs& args) {
  int64_t axis = options_.axis < 0 ? options_.axis + x.rank() : options_.axis;
  int64_t groups = options_.groups == -1 ? x.shape()[axis] : options_.groups;
  // The features as [groups, features of one]; everything but batch and group is averaged.
  std::vector<int64_t> split = x.shape().dims(), along(x.rank() + 1, 1), others;
  split[axis] = x.shape()[axis] / groups;
  split.insert(split.begin() + axis, groups);
  along[axis] = groups;
  along[axis + 1] = split[axis + 1];
  for (int64_t i = 1; i <= x.rank(); ++i)
    if (i != axis) others.push_back(i);
  // 16-bit inputs are normalized in float32, as their squares soon overflow.
  Tensor in = ops::reshape(ops::cast(x, result_type(x.dtype(), DType::float32)), Shape(split));
  Tensor centered = in - ops::mean(in, others, true);
  Tensor y = centered * ops::rsqrt(ops::mean(ops::square(centered), others, true) + options_.epsilon);
  if (gamma_) y = y * ops::reshape(ops::cast(uncast(gamma_), in.dtype()), Shape(along));
  if (beta_) y = y + ops::reshape(ops::cast(uncast(beta_), in.dtype()), Shape(along));
  return with_mask(ops::cast(ops::reshape(y, x.shape()), compute_dtype()), args.mask);
}

Config GroupNormalization::config() const { return with_fields(base_config(), options_, kFields); }

GroupNormalization GroupNormalization::from_config(const Config& config) {
  return GroupNormalization(options_from<GroupNormalizationOptions>(config, kFields));
}

}  // namespace hornbeam::layers
