// Constant.
#include <hornbeam/initializers/constant.h>

#include "frontend/src/initializers/filled.h"

namespace hornbeam::initializers {

static const Register<Constant> registered{"Constant", "keras.initializers"};

Array Constant::call(const Shape& shape, DType dtype) const {
  return filled(shape, dtype, [this](int64_t) { return options_.value; });
}

Config Constant::config() const { return Config::object({{"value", options_.value}}); }

Constant Constant::from_config(const Config& config) {
  ConstantOptions options;
  config.read("value", options.value);
  return Constant(options);
}

}  // namespace hornbeam::initializers
