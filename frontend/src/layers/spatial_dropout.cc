#include <hornbeam/layers/spatial_dropout.h>

#include <hornbeam/random/distributions.h>

#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/windows.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {
namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("rate", options.rate);
  field("seed", options.seed);
  field("data_format", options.data_format);
};

const Register<SpatialDropout1D> registered1{"SpatialDropout1D", "keras.layers"};
const Register<SpatialDropout2D> registered2{"SpatialDropout2D", "keras.layers"};
const Register<SpatialDropout3D> registered3{"SpatialDropout3D", "keras.layers"};

}  // namespace

template <int N>
SpatialDropout<N>::SpatialDropout(SpatialDropoutOptions options)
    : UnaryLayerOf<SpatialDropout>(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  check_rate(this->class_name(), options_.rate);
  // SpatialDropout1D has no such option in Keras, so the default for images is not meant.
  if (N == 1 && options_.data_format == config::image_data_format()) options_.data_format = "channels_last";
  check_data_format(this->class_name(), options_.data_format);
  if (N == 1 && channels_first(options_.data_format))
    throw ValueError("[SpatialDropout1D] The channels are last. Received: data_format=" + options_.data_format);
  if (options_.rate > 0) seed_ = this->track(random::SeedGenerator(options_.seed));
}

template <int N>
void SpatialDropout<N>::check_input(const Shape& input) const {
  check_rank(*this, input, N + 2);
}

template <int N>
Tensor SpatialDropout<N>::call(const Tensor& x, const CallArgs& args) {
  if (!args.is_training() || options_.rate == 0) return with_mask(x, args.mask);
  Shape noise = x.shape();
  for (int i = 0; i < N; ++i) noise[first_spatial_axis(options_.data_format) + i] = 1;
  return with_mask(random::dropout(x, options_.rate, noise, seed_->next()), args.mask);
}

template <int N>
Config SpatialDropout<N>::config() const {
  // Keras leaves out `trainable`, and names the policy only.
  Config config = Config::object({{"name", this->name()}, {"dtype", this->dtype_policy().name()}});
  config = with_fields(config, options_, kFields);
  if (N == 1) config.erase("data_format");
  return config;
}

template <int N>
SpatialDropout<N> SpatialDropout<N>::from_config(const Config& config) {
  return SpatialDropout(options_from<SpatialDropoutOptions>(config, kFields));
}

template class SpatialDropout<1>;
template class SpatialDropout<2>;
template class SpatialDropout<3>;

}  // namespace hornbeam::layers
