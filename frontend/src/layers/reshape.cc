#include <hornbeam/layers/reshape.h>

#include <hornbeam/ops/shape.h>

#include "frontend/src/layers/checks.h"

namespace hornbeam::layers {
namespace {

Shape without_batch(const Shape& shape) { return Shape(std::vector<int64_t>(shape.begin() + 1, shape.end())); }

}  // namespace

static const Register<Reshape> registered{"Reshape", "keras.layers"};

Reshape::Reshape(ReshapeOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  int unknown = 0;
  for (int64_t dim : options_.target_shape) {
    unknown += dim == -1;
    if (dim < -1 || unknown > 1)
      throw ValueError(
          "[Reshape] The `target_shape` argument must hold sizes, and at most one -1. Received: target_shape=" +
          Shape(options_.target_shape).to_string());
  }
}

void Reshape::check_input(const Shape& input) const {
  check_min_rank(*this, input, 1);
  int64_t given = without_batch(input).num_elements();
  if (given == kUnknown) return;
  int64_t known = 1;
  bool free = false;
  for (int64_t dim : options_.target_shape) {
    if (dim == -1)
      free = true;
    else
      known *= dim;
  }
  if (free ? known == 0 || given % known != 0 : known != given)
    throw ValueError("[Reshape] The total size of the tensor must be unchanged. Received: input_shape=" +
                     without_batch(input).to_string() + ", target_shape=" + options_.target_shape.to_string());
}

Tensor Reshape::call(const Tensor& x, const CallArgs&) {
  // The -1 is worked out from the features, so that it is right for an empty batch, too.
  int64_t features = without_batch(x.shape()).num_elements(), known = 1;
  for (int64_t dim : options_.target_shape)
    if (dim != -1) known *= dim;
  Shape shape{x.shape()[0]};
  for (int64_t dim : options_.target_shape) shape.push_back(dim == -1 ? features / known : dim);
  return ops::reshape(x, shape);
}

Config Reshape::config() const {
  Config config = base_config();
  config["target_shape"] = Config(options_.target_shape.dims());  // -1 stays -1
  return config;
}

Reshape Reshape::from_config(const Config& config) {
  ReshapeOptions options;
  read_base(config, options);
  config.read("target_shape", options.target_shape);
  return Reshape(std::move(options));
}

}  // namespace hornbeam::layers
