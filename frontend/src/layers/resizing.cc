#include <hornbeam/layers/resizing.h>

#include <hornbeam/ops/image.h>

#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/interpolation.h"
#include "frontend/src/layers/windows.h"

namespace hornbeam::layers {

static const Register<Resizing> registered{"Resizing", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("height", options.height);
  field("width", options.width);
  field("interpolation", options.interpolation);
  field("crop_to_aspect_ratio", options.crop_to_aspect_ratio);
  field("pad_to_aspect_ratio", options.pad_to_aspect_ratio);
  field("fill_mode", options.fill_mode);
  field("fill_value", options.fill_value);
  field("antialias", options.antialias);
  field("data_format", options.data_format);
};

}  // namespace

Resizing::Resizing(ResizingOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  check_positive("Resizing", "height", options_.height);
  check_positive("Resizing", "width", options_.width);
  check_data_format("Resizing", options_.data_format);
  check_interpolation("Resizing", options_.interpolation);
  if (options_.crop_to_aspect_ratio && options_.pad_to_aspect_ratio)
    throw ValueError("[Resizing] Only one of `pad_to_aspect_ratio` & `crop_to_aspect_ratio` can be true.");
  if (options_.fill_mode != "constant")
    throw ValueError("[Resizing] Only fill_mode=\"constant\" is supported. Received: fill_mode=" + options_.fill_mode);
}

void Resizing::check_input(const Shape& input) const {
  if (input.rank() != 3 && input.rank() != 4) check_rank(*this, input, 4);
}

Tensor Resizing::call(const Tensor& x, const CallArgs& args) {
  return ops::image::resize(x, {options_.height, options_.width},
                            {.interpolation = options_.interpolation,
                             .antialias = options_.antialias,
                             .crop_to_aspect_ratio = options_.crop_to_aspect_ratio,
                             .pad_to_aspect_ratio = options_.pad_to_aspect_ratio,
                             .fill_value = options_.fill_value,
                             .data_format = options_.data_format});
}

Config Resizing::config() const { return with_fields(base_config(), options_, kFields); }

Resizing Resizing::from_config(const Config& config) {
  return Resizing(options_from<ResizingOptions>(config, kFields));
}

}  // namespace hornbeam::layers
