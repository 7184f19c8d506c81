#include <hornbeam/layers/prelu.h>

#include <hornbeam/ops/elementwise.h>

#include "frontend/src/layers/checks.h"
#include "frontend/src/layers/fields.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<PReLU> registered{"PReLU", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("alpha_initializer", options.alpha_initializer);
  field("alpha_regularizer", options.alpha_regularizer);
  field("alpha_constraint", options.alpha_constraint);
  field("shared_axes", options.shared_axes);
};

}  // namespace

PReLU::PReLU(PReLUOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {}

void PReLU::check_input(const Shape& input) const {
  if (!alpha_) return;
  check_rank(*this, input, alpha_.shape().rank() + 1);
  for (int64_t axis = 1; axis < input.rank(); ++axis)
    if (alpha_.shape()[axis - 1] != 1) check_axis(*this, input, axis, alpha_.shape()[axis - 1]);
}

void PReLU::build(const Shape& input) {
  check_min_rank(*this, input, 1);
  Shape shape(std::vector<int64_t>(input.begin() + 1, input.end()));
  if (options_.shared_axes)
    for (int64_t axis : *options_.shared_axes) {
      if (axis < 1 || axis >= input.rank())
        throw ValueError("[PReLU] `shared_axes` must be axes of the input without the batch. Received: shared_axes=" +
                         Config(*options_.shared_axes).to_json() + ", input of shape " + input.to_string());
      shape[axis - 1] = 1;
    }
  for (int64_t axis = 1; axis < input.rank(); ++axis)
    if (shape[axis - 1] < 0) check_known_axis(*this, input, axis);
  alpha_ = add_weight({.name = "alpha",
                       .shape = shape,
                       .initializer = options_.alpha_initializer,
                       .regularizer = options_.alpha_regularizer,
                       .constraint = options_.alpha_constraint});
}

Tensor PReLU::call(const Tensor& x, const CallArgs& args) {
  return with_mask(ops::relu(x) - Tensor(alpha_) * ops::relu(-x), args.mask);
}

Config PReLU::config() const { return with_fields(base_config(), options_, kFields); }

PReLU PReLU::from_config(const Config& config) { return PReLU(options_from<PReLUOptions>(config, kFields)); }

}  // namespace hornbeam::layers
