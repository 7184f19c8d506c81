#include <hornbeam/layers/up_sampling.h>

#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/image.h>

#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/interpolation.h"
#include "frontend/src/layers/windows.h"

namespace hornbeam::layers {
namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("size", options.size);
  field("data_format", options.data_format);
  field("interpolation", options.interpolation);
};

const Register<UpSampling1D> registered1{"UpSampling1D", "keras.layers"};
const Register<UpSampling2D> registered2{"UpSampling2D", "keras.layers"};
const Register<UpSampling3D> registered3{"UpSampling3D", "keras.layers"};

}  // namespace

template <int N>
UpSampling<N>::UpSampling(UpSamplingOptions<N> options)
    : UnaryLayerOf<UpSampling>(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  check_positive(this->class_name(), "size", options_.size);
  check_data_format(this->class_name(), options_.data_format);
  if (N == 1 && channels_first(options_.data_format))
    throw ValueError("[UpSampling1D] The channels are last. Received: data_format=" + options_.data_format);
  if (N == 2)
    check_interpolation(this->class_name(), options_.interpolation);
  else if (options_.interpolation != "nearest")
    throw ValueError("[" + this->class_name() + "] `interpolation` argument must be \"nearest\". Received: " +
                     "interpolation=" + options_.interpolation);
}

template <int N>
void UpSampling<N>::check_input(const Shape& input) const {
  check_rank(*this, input, N + 2);
}

template <int N>
Tensor UpSampling<N>::call(const Tensor& x, const CallArgs& args) {
  const int64_t first = first_spatial_axis(options_.data_format);
  if (options_.interpolation != "nearest")
    return ops::image::resize(x, {x.shape()[first] * options_.size[0], x.shape()[first + 1] * options_.size[1]},
                              {.interpolation = options_.interpolation, .data_format = options_.data_format});
  Tensor y = x;
  for (int i = 0; i < N; ++i)
    if (options_.size[i] != 1) y = ops::repeat(y, options_.size[i], first + i);
  return y;
}

template <int N>
Config UpSampling<N>::config() const {
  Config config = with_fields(this->base_config(), options_, kFields);
  if (N == 1) {
    config["size"] = options_.size[0];
    config.erase("data_format");
  }
  if (N != 2) config.erase("interpolation");
  return config;
}

template <int N>
UpSampling<N> UpSampling<N>::from_config(const Config& config) {
  return UpSampling(options_from<UpSamplingOptions<N>>(config, kFields));
}

template class UpSampling<1>;
template class UpSampling<2>;
template class UpSampling<3>;

}  // namespace hornbeam::layers
