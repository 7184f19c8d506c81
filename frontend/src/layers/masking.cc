#include <hornbeam/layers/masking.h>

#include <hornbeam/ops.h>

#include "frontend/src/layers/checks.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<Masking> registered{"Masking", "keras.layers"};

Masking::Masking(MaskingOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {}

void Masking::check_input(const Shape& input) const { check_min_rank(*this, input, 2); }

Tensor Masking::call(const Tensor& x, const CallArgs&) {
  Tensor mask = ops::any(ops::not_equal(x, options_.mask_value), -1);
  return with_mask(ops::where(ops::expand_dims(mask, -1), x, 0), mask);
}

Config Masking::config() const {
  Config config = base_config();
  config["mask_value"] = options_.mask_value;
  return config;
}

Masking Masking::from_config(const Config& config) {
  MaskingOptions options;
  read_base(config, options);
  config.read("mask_value", options.mask_value);
  return Masking(std::move(options));
}

}  // namespace hornbeam::layers
