// GlorotUniform.
#include <hornbeam/initializers/glorot_uniform.h>
#include <hornbeam/initializers/variance_scaling.h>

namespace hornbeam::initializers {

static const Register<GlorotUniform> registered{"GlorotUniform", "keras.initializers"};

Array GlorotUniform::call(const Shape& shape, DType dtype) const {
  return VarianceScaling({.scale = 1.0,
                          .mode = "fan_avg",
                          .distribution = "uniform",
                          .seed = options_.seed,
                          .input_axes = options_.input_axes,
                          .output_axes = options_.output_axes})
      .call(shape, dtype);
}

Config GlorotUniform::config() const {
  return Config::object(
      {{"seed", options_.seed}, {"input_axes", options_.input_axes}, {"output_axes", options_.output_axes}});
}

GlorotUniform GlorotUniform::from_config(const Config& config) {
  GlorotUniformOptions options;
  config.read("seed", options.seed);
  config.read("input_axes", options.input_axes);
  config.read("output_axes", options.output_axes);
  return GlorotUniform(std::move(options));
}

}  // namespace hornbeam::initializers
