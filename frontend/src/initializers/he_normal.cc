// HeNormal.
#include <hornbeam/initializers/he_normal.h>
#include <hornbeam/initializers/variance_scaling.h>

namespace hornbeam::initializers {

static const Register<HeNormal> registered{"HeNormal", "keras.initializers"};

Array HeNormal::call(const Shape& shape, DType dtype) const {
  return VarianceScaling({.scale = 2.0,
                          .mode = "fan_in",
                          .distribution = "truncated_normal",
                          .seed = options_.seed,
                          .input_axes = options_.input_axes,
                          .output_axes = options_.output_axes})
      .call(shape, dtype);
}

Config HeNormal::config() const {
  return Config::object(
      {{"seed", options_.seed}, {"input_axes", options_.input_axes}, {"output_axes", options_.output_axes}});
}

HeNormal HeNormal::from_config(const Config& config) {
  HeNormalOptions options;
  config.read("seed", options.seed);
  config.read("input_axes", options.input_axes);
  config.read("output_axes", options.output_axes);
  return HeNormal(std::move(options));
}

}  // namespace hornbeam::initializers
