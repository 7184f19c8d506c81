#include <hornbeam/layers/activation.h>

#include "frontend/src/layers/activation_part.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<Activation> registered{"Activation", "keras.layers"};

Activation::Activation(ActivationOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  track_activation(*this, options_.activation);
}

Tensor Activation::call(const Tensor& x, const CallArgs& args) { return with_mask(options_.activation(x), args.mask); }

Config Activation::config() const {
  Config config = base_config();
  config["activation"] = options_.activation;
  return config;
}

Activation Activation::from_config(const Config& config) {
  ActivationOptions options;
  read_base(config, options);
  config.read("activation", options.activation);
  return Activation(std::move(options));
}

}  // namespace hornbeam::layers
