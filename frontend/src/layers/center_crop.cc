#include <hornbeam/layers/center_crop.h>

#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/image.h>
#include <hornbeam/ops/shape.h>

#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/windows.h"

namespace hornbeam::layers {

static const Register<CenterCrop> registered{"CenterCrop", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("height", options.height);
  field("width", options.width);
  field("data_format", options.data_format);
};

}  // namespace

CenterCrop::CenterCrop(CenterCropOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  check_positive("CenterCrop", "height", options_.height);
  check_positive("CenterCrop", "width", options_.width);
  check_data_format("CenterCrop", options_.data_format);
}

void CenterCrop::check_input(const Shape& input) const {
  if (input.rank() != 3 && input.rank() != 4) check_rank(*this, input, 4);
}

Tensor CenterCrop::call(const Tensor& x, const CallArgs& args) {
  const int64_t h = x.rank() - (channels_first(options_.data_format) ? 2 : 3), w = h + 1;
  Tensor in = ops::cast(x, compute_dtype());
  int64_t over_h = x.shape()[h] - options_.height, over_w = x.shape()[w] - options_.width;
  if (over_h < 0 || over_w < 0)
    return ops::image::resize(in, {options_.height, options_.width},
                              {.crop_to_aspect_ratio = true, .data_format = options_.data_format});
  in = ops::slice_axis(in, h, over_h / 2, over_h / 2 + options_.height);
  return ops::slice_axis(in, w, over_w / 2, over_w / 2 + options_.width);
}

Config CenterCrop::config() const { return with_fields(base_config(), options_, kFields); }

CenterCrop CenterCrop::from_config(const Config& config) {
  return CenterCrop(options_from<CenterCropOptions>(config, kFields));
}

}  // namespace hornbeam::layers
