#include <hornbeam/layers/rescaling.h>

#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/shape.h>

#include "frontend/src/mask.h"

namespace hornbeam::layers {
namespace {

Tensor constant(const Numbers& numbers, DType dtype) {
  const std::vector<double>& values = numbers.values();
  Array array = Array::of<double>(numbers.is_list() ? Shape{static_cast<int64_t>(values.size())} : Shape{},
                                  std::span<const double>(values));
  return array.cast(dtype);
}

}  // namespace

static const Register<Rescaling> registered{"Rescaling", "keras.layers"};

Rescaling::Rescaling(RescalingOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {}

Tensor Rescaling::call(const Tensor& x, const CallArgs& args) {
  DType dtype = compute_dtype();
  Tensor scale = constant(options_.scale, dtype);
  // Channels first, a list goes by the channels; Keras does so for the scale alone.
  if (scale.rank() > 0 && config::image_data_format() == "channels_first")
    scale = ops::reshape(scale, {scale.shape()[0], 1, 1});
  return with_mask(ops::cast(x, dtype) * scale + constant(options_.offset, dtype), args.mask);
}

Config Rescaling::config() const {
  Config config = base_config();
  config.merge(Config::object({{"scale", options_.scale}, {"offset", options_.offset}}));
  return config;
}

Rescaling Rescaling::from_config(const Config& config) {
  RescalingOptions options;
  read_base(config, options);
  config.read("scale", options.scale);
  config.read("offset", options.offset);
  return Rescaling(std::move(options));
}

}  // namespace hornbeam::layers
