#include <hornbeam/layers/activity_regularization.h>

#include <hornbeam/regularizers/l1_l2.h>

#include "frontend/src/layers/fields.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<ActivityRegularization> registered{"ActivityRegularization", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("l1", options.l1);
  field("l2", options.l2);
};

}  // namespace

ActivityRegularization::ActivityRegularization(ActivityRegularizationOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {}

Regularizer ActivityRegularization::activity_regularizer() const {
  return regularizers::L1L2({.l1 = options_.l1, .l2 = options_.l2});
}

Tensor ActivityRegularization::call(const Tensor& x, const CallArgs& args) { return with_mask(x, args.mask); }

Config ActivityRegularization::config() const { return with_fields(base_config(), options_, kFields); }

ActivityRegularization ActivityRegularization::from_config(const Config& config) {
  return ActivityRegularization(options_from<ActivityRegularizationOptions>(config, kFields));
}

}  // namespace hornbeam::layers
