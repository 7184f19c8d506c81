// Identity.
#include <hornbeam/initializers/identity.h>

namespace hornbeam::initializers {

static const Register<Identity> registered{"Identity", "keras.initializers", {"IdentityInitializer"}};

Array Identity::call(const Shape& shape, DType dtype) const {
  if (shape.rank() != 2)
    throw ValueError("[Identity] The identity matrix initializer can only be used for 2D matrices. Received: shape=" +
                     shape.to_string() + " of rank " + std::to_string(shape.rank()));
  Array matrix(dtype, shape);
  for (int64_t i = 0; i < shape[0] && i < shape[1]; ++i) matrix.set(i * shape[1] + i, options_.gain);
  return matrix;
}

Config Identity::config() const {
  // Keras leaves the gain out; it is written where it matters, and Keras reads it.
  return options_.gain == 1.0 ? Config::object() : Config::object({{"gain", options_.gain}});
}

Identity Identity::from_config(const Config& config) {
  IdentityOptions options;
  config.read("gain", options.gain);
  return Identity(options);
}

}  // namespace hornbeam::initializers
