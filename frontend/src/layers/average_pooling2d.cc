#include <hornbeam/layers/average_pooling2d.h>

#include <hornbeam/ops/nn.h>

#include "frontend/src/layers/checks.h"

namespace hornbeam::layers {

static const Register<AveragePooling2D> registered{"AveragePooling2D", "keras.layers", {"AvgPool2D"}};

AveragePooling2D::AveragePooling2D(AveragePooling2DOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  if (!options_.strides) options_.strides = options_.pool_size;
  if (!options_.pool_size.positive())
    throw ValueError("[AveragePooling2D] pool_size must be positive. Received: pool_size=" +
                     options_.pool_size.to_string());
  if (!options_.strides->positive())
    throw ValueError("[AveragePooling2D] strides must be positive. Received: strides=" + options_.strides->to_string());
  check_padding("AveragePooling2D", options_.padding);
  check_data_format("AveragePooling2D", options_.data_format);
}

void AveragePooling2D::check_input(const Shape& input) const { check_rank(*this, input, 4); }

Tensor AveragePooling2D::call(const Tensor& x, const CallArgs&) {
  return ops::average_pool(x, options_.pool_size.dims(), options_.strides->dims(), options_.padding,
                           options_.data_format);
}

Config AveragePooling2D::config() const {
  Config config = base_config();
  config.merge(Config::object({{"pool_size", options_.pool_size},
                               {"padding", options_.padding},
                               {"strides", options_.strides},
                               {"data_format", options_.data_format}}));
  return config;
}

AveragePooling2D AveragePooling2D::from_config(const Config& config) {
  AveragePooling2DOptions options;
  read_base(config, options);
  config.read("pool_size", options.pool_size);
  config.read("padding", options.padding);
  config.read("strides", options.strides);
  read_data_format(config, options.data_format);
  return AveragePooling2D(std::move(options));
}

}  // namespace hornbeam::layers
