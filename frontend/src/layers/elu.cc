#include <hornbeam/layers/elu.h>

#include <hornbeam/activations/activations.h>

#include "frontend/src/layers/fields.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<ELU> registered{"ELU", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) { field("alpha", options.alpha); };

}  // namespace

ELU::ELU(ELUOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {}

Tensor ELU::call(const Tensor& x, const CallArgs& args) {
  return with_mask(activations::elu(x, options_.alpha), args.mask);
}

Config ELU::config() const { return with_fields(base_config(), options_, kFields); }

ELU ELU::from_config(const Config& config) { return ELU(options_from<ELUOptions>(config, kFields)); }

}  // namespace hornbeam::layers
