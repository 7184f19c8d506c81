#include <hornbeam/layers/leaky_relu.h>

#include <hornbeam/activations/activations.h>

#include "frontend/src/layers/fields.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<LeakyReLU> registered{"LeakyReLU", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) { field("negative_slope", options.negative_slope); };

}  // namespace

LeakyReLU::LeakyReLU(LeakyReLUOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  if (!(options_.negative_slope >= 0))
    throw ValueError("[LeakyReLU] negative_slope must not be negative. Received: negative_slope=" +
                     Config(options_.negative_slope).to_json());
}

Tensor LeakyReLU::call(const Tensor& x, const CallArgs& args) {
  return with_mask(activations::leaky_relu(x, options_.negative_slope), args.mask);
}

Config LeakyReLU::config() const { return with_fields(base_config(), options_, kFields); }

LeakyReLU LeakyReLU::from_config(const Config& config) {
  return LeakyReLU(options_from<LeakyReLUOptions>(config, kFields));
}

}  // namespace hornbeam::layers
