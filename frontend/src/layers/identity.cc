#include <hornbeam/layers/identity.h>

#include "frontend/src/layers/fields.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<Identity> registered{"Identity", "keras.layers"};

namespace {

constexpr auto kFields = []([[maybe_unused]] auto& options, [[maybe_unused]] auto field) {};

}  // namespace

Identity::Identity(IdentityOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {}

Tensor Identity::call(const Tensor& x, const CallArgs& args) { return with_mask(x, args.mask); }

Config Identity::config() const { return with_fields(base_config(), options_, kFields); }

Identity Identity::from_config(const Config& config) {
  return Identity(options_from<IdentityOptions>(config, kFields));
}

}  // namespace hornbeam::layers
