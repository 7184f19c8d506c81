// HeUniform.
#include <hornbeam/initializers/he_uniform.h>
#include <hornbeam/initializers/variance_scaling.h>

namespace hornbeam::initializers {

static const Register<HeUniform> registered{"HeUniform", "keras.initializers"};

Array HeUniform::call(const Shape& shape, DType dtype) const {
  return VarianceScaling({.scale = 2.0,
                          .mode = "fan_in",
                          .distribution = "uniform",
                          .seed = options_.seed,
                          .input_axes = options_.input_axes,
                          .output_axes = options_.output_axes})
      .call(shape, dtype);
}

Config HeUniform::config() const {
  return Config::object(
      {{"seed", options_.seed}, {"input_axes", options_.input_axes}, {"output_axes", options_.output_axes}});
}

HeUniform HeUniform::from_config(const Config& config) {
  HeUniformOptions options;
  config.read("seed", options.seed);
  config.read("input_axes", options.input_axes);
  config.read("output_axes", options.output_axes);
  return HeUniform(std::move(options));
}

}  // namespace hornbeam::initializers
