// TruncatedNormal.
#include <hornbeam/initializers/truncated_normal.h>

#include "frontend/src/initializers/filled.h"
#include "frontend/src/initializers/sampling.h"

namespace hornbeam::initializers {

static const Register<TruncatedNormal> registered{"TruncatedNormal", "keras.initializers"};

Array TruncatedNormal::call(const Shape& shape, DType dtype) const {
  Sampler sampler(options_.seed);
  return filled(shape, dtype, [&](int64_t i) { return options_.mean + options_.stddev * sampler.truncated_normal(i); });
}

Config TruncatedNormal::config() const {
  return Config::object({{"seed", options_.seed}, {"mean", options_.mean}, {"stddev", options_.stddev}});
}

TruncatedNormal TruncatedNormal::from_config(const Config& config) {
  TruncatedNormalOptions options;
  config.read("mean", options.mean);
  config.read("stddev", options.stddev);
  config.read("seed", options.seed);
  return TruncatedNormal(options);
}

}  // namespace hornbeam::initializers
