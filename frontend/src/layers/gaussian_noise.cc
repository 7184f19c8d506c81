#include <hornbeam/layers/gaussian_noise.h>

#include <hornbeam/ops/elementwise.h>
#include <hornbeam/random/distributions.h>

#include "frontend/src/layers/checks.h"
#include "frontend/src/layers/fields.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<GaussianNoise> registered{"GaussianNoise", "keras.layers"};

namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("stddev", options.stddev);
  field("seed", options.seed);
};

}  // namespace

GaussianNoise::GaussianNoise(GaussianNoiseOptions options)
    : UnaryLayerOf(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  if (!(options_.stddev >= 0))
    throw ValueError("[GaussianNoise] stddev must not be negative. Received: stddev=" +
                     Config(options_.stddev).to_json());
  if (options_.stddev > 0) seed_ = track(random::SeedGenerator(options_.seed));
}

Tensor GaussianNoise::call(const Tensor& x, const CallArgs& args) {
  if (!args.is_training() || options_.stddev == 0) return with_mask(x, args.mask);
  return with_mask(x + random::normal(x.shape(), 0, options_.stddev, x.dtype(), seed_->next()), args.mask);
}

Config GaussianNoise::config() const { return with_fields(base_config(), options_, kFields); }

GaussianNoise GaussianNoise::from_config(const Config& config) {
  return GaussianNoise(options_from<GaussianNoiseOptions>(config, kFields));
}

}  // namespace hornbeam::layers
