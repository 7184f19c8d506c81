#include <hornbeam/layers/gaussian_dropout.h>

#include <cmath>

#include <hornbeam/ops/elementwise.h>
#include <hornbeam/random/distributions.h>

#include "frontend/src/layers/checks.h"
#include "frontend/src/layers/fields.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<GaussianDropout> registered{"GaussianDropout", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("rate", options.rate);
  field("seed", options.seed);
};

}  // namespace

GaussianDropout::GaussianDropout(GaussianDropoutOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  check_rate("GaussianDropout", options_.rate);
  if (options_.rate == 1)
    throw ValueError("[GaussianDropout] rate must be less than 1. Received: rate=" + Config(options_.rate).to_json());
  if (options_.rate > 0) seed_ = track(random::SeedGenerator(options_.seed));
}

Tensor GaussianDropout::call(const Tensor& x, const CallArgs& args) {
  if (!args.is_training() || options_.rate == 0) return with_mask(x, args.mask);
  double deviation = std::sqrt(options_.rate / (1 - options_.rate));
  return with_mask(x * random::normal(x.shape(), 1, deviation, x.dtype(), seed_->next()), args.mask);
}

Config GaussianDropout::config() const { return with_fields(base_config(), options_, kFields); }

GaussianDropout GaussianDropout::from_config(const Config& config) {
  return GaussianDropout(options_from<GaussianDropoutOptions>(config, kFields));
}

}  // namespace hornbeam::layers
