#include <hornbeam/layers/alpha_dropout.h>

#include <cmath>

#include <hornbeam/ops/elementwise.h>

#include "frontend/src/layers/checks.h"
#include "frontend/src/layers/fields.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<AlphaDropout> registered{"AlphaDropout", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("rate", options.rate);
  field("seed", options.seed);
  field("noise_shape", options.noise_shape);
};

}  // namespace

AlphaDropout::AlphaDropout(AlphaDropoutOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  check_rate("AlphaDropout", options_.rate);
  if (options_.rate == 1)
    throw ValueError("[AlphaDropout] rate must be less than 1. Received: rate=" + Config(options_.rate).to_json());
  if (options_.rate > 0) seed_ = track(random::SeedGenerator(options_.seed));
}

void AlphaDropout::check_input(const Shape& input) const {
  if (options_.noise_shape && options_.noise_shape->rank() != input.rank())
    throw ValueError(incompatible(*this) +
                     "`noise_shape` must have one size for each axis of the input. Received: noise_shape=" +
                     options_.noise_shape->to_string() + ", input of shape " + input.to_string());
}

Tensor AlphaDropout::call(const Tensor& x, const CallArgs& args) {
  if (!args.is_training() || options_.rate == 0) return with_mask(x, args.mask);
  Shape noise = options_.noise_shape.value_or(x.shape());
  for (int64_t axis = 0; axis < noise.rank(); ++axis)
    if (noise[axis] < 0) noise[axis] = x.shape()[axis];
  constexpr double kAlpha = 1.6732632423543772848170429916717, kScale = 1.0507009873554804934193349852946;
  constexpr double kDropped = -kAlpha * kScale;
  Tensor kept = ops::cast(ops::greater_equal(random::uniform(noise, seed_->next()), options_.rate), x.dtype());
  double a = 1 / std::sqrt((1 - options_.rate) * (1 + options_.rate * kDropped * kDropped));
  double b = -a * kDropped * options_.rate;
  return with_mask(a * (x * kept + kDropped * (1 - kept)) + b, args.mask);
}

Config AlphaDropout::config() const { return with_fields(base_config(), options_, kFields); }

AlphaDropout AlphaDropout::from_config(const Config& config) {
  return AlphaDropout(options_from<AlphaDropoutOptions>(config, kFields));
}

}  // namespace hornbeam::layers
