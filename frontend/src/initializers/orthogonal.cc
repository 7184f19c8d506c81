// Orthogonal.
#include <hornbeam/initializers/orthogonal.h>

#include <cmath>
#include <vector>

#include "frontend/src/initializers/filled.h"
#include "frontend/src/initializers/sampling.h"

namespace hornbeam::initializers {

static const Register<Orthogonal> registered{"Orthogonal", "keras.initializers", {"OrthogonalInitializer"}};

Array Orthogonal::call(const Shape& shape, DType dtype) const {
  if (shape.rank() < 2)
    throw ValueError("[Orthogonal] The tensor to initialize must be at least two-dimensional. Received: shape=" +
                     shape.to_string() + " of rank " + std::to_string(shape.rank()));
  const int64_t columns = shape[-1];
  const int64_t rows = columns == 0 ? 0 : shape.num_elements() / columns;
  const int64_t count = std::min(rows, columns), length = std::max(rows, columns);

  // `count` normal vectors made orthonormal in order (Gram and Schmidt, each projection taken out twice for accuracy):
  // the Q of the QR decomposition whose R has a positive diagonal, which makes Q uniform over orthogonal matrices.
  Sampler sampler(options_.seed);
  std::vector<double> q(static_cast<size_t>(count * length));
  for (int64_t i = 0; i < count; ++i) {
    double* v = &q[i * length];
    for (int64_t k = 0; k < length; ++k) v[k] = sampler.normal(i * length + k);
    for (int pass = 0; pass < 2; ++pass) {
      for (int64_t j = 0; j < i; ++j) {
        const double* u = &q[j * length];
        double projection = 0;
        for (int64_t k = 0; k < length; ++k) projection += u[k] * v[k];
        for (int64_t k = 0; k < length; ++k) v[k] -= projection * u[k];
      }
    }
    double norm = 0;
    for (int64_t k = 0; k < length; ++k) norm += v[k] * v[k];
    norm = std::sqrt(norm);
    for (int64_t k = 0; k < length; ++k) v[k] /= norm;
  }
  // Vector j is row j of a wide matrix, column j of a tall one.
  return filled(shape, dtype, [&](int64_t i) {
    int64_t row = i / columns, column = i % columns;
    return options_.gain * (rows < columns ? q[row * length + column] : q[column * length + row]);
  });
}

Config Orthogonal::config() const { return Config::object({{"seed", options_.seed}, {"gain", options_.gain}}); }

Orthogonal Orthogonal::from_config(const Config& config) {
  OrthogonalOptions options;
  config.read("gain", options.gain);
  config.read("seed", options.seed);
  return Orthogonal(options);
}

}  // namespace hornbeam::initializers
