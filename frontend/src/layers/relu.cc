#include <hornbeam/layers/relu.h>

#include <hornbeam/activations/activations.h>

#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<ReLU> registered{"ReLU", "keras.layers"};

ReLU::ReLU(ReLUOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  auto check = [](double value, const char* name) {
    if (!(value >= 0))
      throw ValueError(std::string("[ReLU] ") + name + " must not be negative. Received: " + name + "=" +
                       Config(value).to_json());
  };
  if (options_.max_value) check(*options_.max_value, "max_value");
  check(options_.negative_slope, "negative_slope");
  check(options_.threshold, "threshold");
}

Tensor ReLU::call(const Tensor& x, const CallArgs& args) {
  return with_mask(activations::relu(x, options_.negative_slope, options_.max_value, options_.threshold), args.mask);
}

Config ReLU::config() const {
  Config config = base_config();
  config.merge(Config::object({{"max_value", options_.max_value},
                               {"negative_slope", options_.negative_slope},
                               {"threshold", options_.threshold}}));
  return config;
}

ReLU ReLU::from_config(const Config& config) {
  ReLUOptions options;
  read_base(config, options);
  config.read("max_value", options.max_value);
  config.read("negative_slope", options.negative_slope);
  config.read("threshold", options.threshold);
  return ReLU(std::move(options));
}

}  // namespace hornbeam::layers
