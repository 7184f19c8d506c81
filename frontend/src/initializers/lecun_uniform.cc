// LecunUniform.
#include <hornbeam/initializers/lecun_uniform.h>
#include <hornbeam/initializers/variance_scaling.h>

namespace hornbeam::initializers {

static const Register<LecunUniform> registered{"LecunUniform", "keras.initializers"};

Array LecunUniform::call(const Shape& shape, DType dtype) const {
  return VarianceScaling({.scale = 1.0,
                          .mode = "fan_in",
                          .distribution = "uniform",
                          .seed = options_.seed,
                          .input_axes = options_.input_axes,
                          .output_axes = options_.output_axes})
      .call(shape, dtype);
}

Config LecunUniform::config() const {
  return Config::object(
      {{"seed", options_.seed}, {"input_axes", options_.input_axes}, {"output_axes", options_.output_axes}});
}

LecunUniform LecunUniform::from_config(const Config& config) {
  LecunUniformOptions options;
  config.read("seed", options.seed);
  config.read("input_axes", options.input_axes);
  config.read("output_axes", options.output_axes);
  return LecunUniform(std::move(options));
}

}  // namespace hornbeam::initializers
