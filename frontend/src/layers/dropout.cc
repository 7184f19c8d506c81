#include <hornbeam/layers/dropout.h>

#include <hornbeam/random/distributions.h>

#include "frontend/src/layers/checks.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<Dropout> registered{"Dropout", "keras.layers"};

Dropout::Dropout(DropoutOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  check_rate("Dropout", options_.rate);
  if (options_.rate > 0) seed_ = track(random::SeedGenerator(options_.seed));
}

void Dropout::check_input(const Shape& input) const {
  if (options_.noise_shape && options_.noise_shape->rank() != input.rank())
    throw ValueError(incompatible(*this) +
                     "`noise_shape` must have one size for each axis of the input. Received: noise_shape=" +
                     options_.noise_shape->to_string() + ", input of shape " + input.to_string());
}

Tensor Dropout::call(const Tensor& x, const CallArgs& args) {
  if (!args.is_training() || options_.rate == 0) return with_mask(x, args.mask);
  Shape noise = options_.noise_shape.value_or(x.shape());
  for (int64_t axis = 0; axis < noise.rank(); ++axis)
    if (noise[axis] < 0) noise[axis] = x.shape()[axis];
  return with_mask(random::dropout(x, options_.rate, noise, seed_->next()), args.mask);
}

Config Dropout::config() const {
  Config config = base_config();
  config.merge(
      Config::object({{"rate", options_.rate}, {"seed", options_.seed}, {"noise_shape", options_.noise_shape}}));
  return config;
}

Dropout Dropout::from_config(const Config& config) {
  DropoutOptions options;
  read_base(config, options);
  config.read("rate", options.rate);
  config.read("seed", options.seed);
  config.read("noise_shape", options.noise_shape);
  return Dropout(std::move(options));
}

}  // namespace hornbeam::layers
