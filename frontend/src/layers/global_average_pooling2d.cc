#include <hornbeam/layers/global_average_pooling2d.h>

#include <hornbeam/ops/reduce.h>

#include "frontend/src/layers/checks.h"

namespace hornbeam::layers {

static const Register<GlobalAveragePooling2D> registered{"GlobalAveragePooling2D", "keras.layers", {"GlobalAvgPool2D"}};

GlobalAveragePooling2D::GlobalAveragePooling2D(GlobalAveragePooling2DOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  check_data_format("GlobalAveragePooling2D", options_.data_format);
}

void GlobalAveragePooling2D::check_input(const Shape& input) const { check_rank(*this, input, 4); }

Tensor GlobalAveragePooling2D::call(const Tensor& x, const CallArgs&) {
  Axes spatial = options_.data_format == "channels_first" ? Axes{2, 3} : Axes{1, 2};
  return ops::mean(x, spatial, options_.keepdims);
}

Config GlobalAveragePooling2D::config() const {
  Config config = base_config();
  config.merge(Config::object({{"data_format", options_.data_format}, {"keepdims", options_.keepdims}}));
  return config;
}

GlobalAveragePooling2D GlobalAveragePooling2D::from_config(const Config& config) {
  GlobalAveragePooling2DOptions options;
  read_base(config, options);
  read_data_format(config, options.data_format);
  config.read("keepdims", options.keepdims);
  return GlobalAveragePooling2D(std::move(options));
}

}  // namespace hornbeam::layers
