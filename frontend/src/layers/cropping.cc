#include <hornbeam/layers/cropping.h>

#include <hornbeam/ops/shape.h>

#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/windows.h"

namespace hornbeam::layers {
namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("cropping", options.cropping);
  field("data_format", options.data_format);
};

const Register<Cropping1D> registered1{"Cropping1D", "keras.layers"};
const Register<Cropping2D> registered2{"Cropping2D", "keras.layers"};
const Register<Cropping3D> registered3{"Cropping3D", "keras.layers"};

}  // namespace

template <int N>
Cropping<N>::Cropping(CroppingOptions<N> options)
    : UnaryLayerOf<Cropping>(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  if (!options_.cropping.not_negative())
    throw ValueError("[" + this->class_name() +
                     "] cropping must not be negative. Received: cropping=" + Config(options_.cropping).to_json());
  check_data_format(this->class_name(), options_.data_format);
  if (N == 1 && channels_first(options_.data_format))
    throw ValueError("[Cropping1D] The channels are last. Received: data_format=" + options_.data_format);
}

template <int N>
void Cropping<N>::check_input(const Shape& input) const {
  check_rank(*this, input, N + 2);
  for (int i = 0; i < N; ++i) {
    int64_t size = input[first_spatial_axis(options_.data_format) + i];
    if (size >= 0 && options_.cropping[i].first + options_.cropping[i].second >= size)
      throw ValueError(
          "`cropping` parameter of layer '" + this->name() +
          "' is too large and must be smaller than the spatial axes of the input. Received: input of shape " +
          input.to_string() + ", cropping=" + Config(options_.cropping).to_json());
  }
}

template <int N>
Tensor Cropping<N>::call(const Tensor& x, const CallArgs& args) {
  Tensor y = x;
  for (int i = 0; i < N; ++i) {
    int64_t axis = first_spatial_axis(options_.data_format) + i;
    y = ops::slice_axis(y, axis, options_.cropping[i].first, x.shape()[axis] - options_.cropping[i].second);
  }
  return y;
}

template <int N>
Config Cropping<N>::config() const {
  Config config = with_fields(this->base_config(), options_, kFields);
  if (N == 1) config.erase("data_format");
  return config;
}

template <int N>
Cropping<N> Cropping<N>::from_config(const Config& config) {
  return Cropping(options_from<CroppingOptions<N>>(config, kFields));
}

template class Cropping<1>;
template class Cropping<2>;
template class Cropping<3>;

}  // namespace hornbeam::layers
