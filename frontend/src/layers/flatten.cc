#include <hornbeam/layers/flatten.h>

#include <hornbeam/ops/shape.h>

#include "frontend/src/layers/checks.h"

namespace hornbeam::layers {

static const Register<Flatten> registered{"Flatten", "keras.layers"};

Flatten::Flatten(FlattenOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  check_data_format("Flatten", options_.data_format);
}

void Flatten::check_input(const Shape& input) const { check_min_rank(*this, input, 1); }

Tensor Flatten::call(const Tensor& x, const CallArgs&) {
  Tensor y = options_.data_format == "channels_first" && x.rank() > 2 ? ops::moveaxis(x, 1, -1) : x;
  int64_t features = 1;
  for (int64_t axis = 1; axis < x.rank(); ++axis) features *= x.shape()[axis];
  return ops::reshape(y, {x.shape()[0], features});
}

Config Flatten::config() const {
  Config config = base_config();
  config["data_format"] = options_.data_format;
  return config;
}

Flatten Flatten::from_config(const Config& config) {
  FlattenOptions options;
  read_base(config, options);
  read_data_format(config, options.data_format);
  return Flatten(std::move(options));
}

}  // namespace hornbeam::layers
