// RandomNormal.
#include <hornbeam/initializers/random_normal.h>

#include "frontend/src/initializers/filled.h"
#include "frontend/src/initializers/sampling.h"

namespace hornbeam::initializers {

static const Register<RandomNormal> registered{"RandomNormal", "keras.initializers", {"normal"}};

Array RandomNormal::call(const Shape& shape, DType dtype) const {
  Sampler sampler(options_.seed);
  return filled(shape, dtype, [&](int64_t i) { return options_.mean + options_.stddev * sampler.normal(i); });
}

Config RandomNormal::config() const {
  return Config::object({{"seed", options_.seed}, {"mean", options_.mean}, {"stddev", options_.stddev}});
}

RandomNormal RandomNormal::from_config(const Config& config) {
  RandomNormalOptions options;
  config.read("mean", options.mean);
  config.read("stddev", options.stddev);
  config.read("seed", options.seed);
  return RandomNormal(options);
}

}  // namespace hornbeam::initializers
