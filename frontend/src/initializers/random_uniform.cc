// RandomUniform.
#include <hornbeam/initializers/random_uniform.h>

#include "frontend/src/initializers/filled.h"
#include "frontend/src/initializers/sampling.h"

namespace hornbeam::initializers {

static const Register<RandomUniform> registered{"RandomUniform", "keras.initializers", {"uniform"}};

Array RandomUniform::call(const Shape& shape, DType dtype) const {
  Sampler sampler(options_.seed);
  double range = options_.maxval - options_.minval;
  return filled(shape, dtype, [&](int64_t i) { return options_.minval + range * sampler.uniform(i); });
}

Config RandomUniform::config() const {
  return Config::object({{"seed", options_.seed}, {"minval", options_.minval}, {"maxval", options_.maxval}});
}

RandomUniform RandomUniform::from_config(const Config& config) {
  RandomUniformOptions options;
  config.read("minval", options.minval);
  config.read("maxval", options.maxval);
  config.read("seed", options.seed);
  return RandomUniform(options);
}

}  // namespace hornbeam::initializers
