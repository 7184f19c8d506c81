// OrthogonalRegularizer.
#include <hornbeam/ops.h>
#include <hornbeam/regularizers/orthogonal_regularizer.h>

#include "frontend/src/regularizers/factor.h"

namespace hornbeam::regularizers {

static const Register<OrthogonalRegularizer> registered{"OrthogonalRegularizer", "keras.regularizers"};

OrthogonalRegularizer::OrthogonalRegularizer(OrthogonalRegularizerOptions options) : options_(std::move(options)) {
  check_factor("OrthogonalRegularizer", "factor", options_.factor);
  if (options_.mode != "rows" && options_.mode != "columns")
    throw ValueError("[OrthogonalRegularizer] `mode` must be 'rows' or 'columns'. Received: mode='" + options_.mode +
                     "'");
}

Tensor OrthogonalRegularizer::call(const Tensor& x) const {
  if (x.rank() != 2)
    throw ValueError("[OrthogonalRegularizer] Inputs must have rank 2. Received: shape=" + x.shape().to_string());
  const bool rows = options_.mode == "rows";
  const int64_t axis = rows ? 1 : 0;
  const int64_t size = x.shape()[rows ? 0 : 1];
  // Unit vectors; a zero vector stays zero.
  Tensor squares = ops::sum(ops::square(x), axis, /*keepdims=*/true);
  Tensor unit = x * ops::rsqrt(ops::maximum(squares, 1e-12));
  Tensor cosines = rows ? ops::matmul(unit, ops::transpose(unit)) : ops::matmul(ops::transpose(unit), unit);
  Tensor others = 1.0 - ops::one_hot(ops::arange(0, size), size, -1, x.dtype());
  double pairs = static_cast<double>(size) * (static_cast<double>(size) - 1) / 2;
  return options_.factor * 0.5 * ops::sum(ops::abs(cosines * others)) / pairs;
}

Config OrthogonalRegularizer::config() const {
  return Config::object({{"factor", options_.factor}, {"mode", options_.mode}});
}

OrthogonalRegularizer OrthogonalRegularizer::from_config(const Config& config) {
  OrthogonalRegularizerOptions options;
  config.read("factor", options.factor);
  config.read("mode", options.mode);
  return OrthogonalRegularizer(std::move(options));
}

}  // namespace hornbeam::regularizers
