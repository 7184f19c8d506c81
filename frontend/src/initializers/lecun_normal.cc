// LecunNormal.
#include <hornbeam/initializers/lecun_normal.h>
#include <hornbeam/initializers/variance_scaling.h>

namespace hornbeam::initializers {

static const Register<LecunNormal> registered{"LecunNormal", "keras.initializers"};

Array LecunNormal::call(const Shape& shape, DType dtype) const {
  return VarianceScaling({.scale = 1.0,
                          .mode = "fan_in",
                          .distribution = "truncated_normal",
                          .seed = options_.seed,
                          .input_axes = options_.input_axes,
                          .output_axes = options_.output_axes})
      .call(shape, dtype);
}

Config LecunNormal::config() const {
  return Config::object(
      {{"seed", options_.seed}, {"input_axes", options_.input_axes}, {"output_axes", options_.output_axes}});
}

LecunNormal LecunNormal::from_config(const Config& config) {
  LecunNormalOptions options;
  config.read("seed", options.seed);
  config.read("input_axes", options.input_axes);
  config.read("output_axes", options.output_axes);
  return LecunNormal(std::move(options));
}

}  // namespace hornbeam::initializers
