// GlorotNormal.
#include <hornbeam/initializers/glorot_normal.h>
#include <hornbeam/initializers/variance_scaling.h>

namespace hornbeam::initializers {

static const Register<GlorotNormal> registered{"GlorotNormal", "keras.initializers"};

Array GlorotNormal::call(const Shape& shape, DType dtype) const {
  return VarianceScaling({.scale = 1.0,
                          .mode = "fan_avg",
                          .distribution = "truncated_normal",
                          .seed = options_.seed,
                          .input_axes = options_.input_axes,
                          .output_axes = options_.output_axes})
      .call(shape, dtype);
}

Config GlorotNormal::config() const {
  return Config::object(
      {{"seed", options_.seed}, {"input_axes", options_.input_axes}, {"output_axes", options_.output_axes}});
}

GlorotNormal GlorotNormal::from_config(const Config& config) {
  GlorotNormalOptions options;
  config.read("seed", options.seed);
  config.read("input_axes", options.input_axes);
  config.read("output_axes", options.output_axes);
  return GlorotNormal(std::move(options));
}

}  // namespace hornbeam::initializers
