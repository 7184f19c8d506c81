#include <hornbeam/layers/adaptive_pooling.h>

#include <hornbeam/ops/reduce.h>
#include <hornbeam/ops/shape.h>

#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/windows.h"

namespace hornbeam::layers {
namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("output_size", options.output_size);
  field("data_format", options.data_format);
};

const Register<AdaptiveMaxPooling1D> max1{"AdaptiveMaxPooling1D", "keras.layers"};
const Register<AdaptiveMaxPooling2D> max2{"AdaptiveMaxPooling2D", "keras.layers"};
const Register<AdaptiveMaxPooling3D> max3{"AdaptiveMaxPooling3D", "keras.layers"};
const Register<AdaptiveAveragePooling1D> average1{"AdaptiveAveragePooling1D", "keras.layers"};
const Register<AdaptiveAveragePooling2D> average2{"AdaptiveAveragePooling2D", "keras.layers"};
const Register<AdaptiveAveragePooling3D> average3{"AdaptiveAveragePooling3D", "keras.layers"};

// The windows of one axis. A window of several axes is done one axis after the other: all its rows are of one length.
Tensor pool_axis(const Tensor& x, int64_t axis, int64_t outputs, Pool pool) {
  int64_t size = x.shape()[axis];
  std::vector<Tensor> parts;
  for (int64_t i = 0; i < outputs; ++i) {
    Tensor window = ops::slice_axis(x, axis, i * size / outputs, ((i + 1) * size + outputs - 1) / outputs);
    parts.push_back(pool == Pool::max ? ops::max(window, axis, true) : ops::mean(window, axis, true));
  }
  return ops::concatenate(parts, axis);
}

}  // namespace

template <int N, Pool P>
AdaptivePooling<N, P>::AdaptivePooling(AdaptivePoolingOptions<N> options)
    : UnaryLayerOf<AdaptivePooling>(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  check_positive(this->class_name(), "output_size", options_.output_size);
  check_data_format(this->class_name(), options_.data_format);
}

template <int N, Pool P>
void AdaptivePooling<N, P>::check_input(const Shape& input) const {
  check_rank(*this, input, N + 2);
}

template <int N, Pool P>
Tensor AdaptivePooling<N, P>::call(const Tensor& x, const CallArgs&) {
  Tensor y = x;
  for (int i = 0; i < N; ++i)
    y = pool_axis(y, first_spatial_axis(options_.data_format) + i, options_.output_size[i], P);
  return y;
}

template <int N, Pool P>
Config AdaptivePooling<N, P>::config() const {
  return with_fields(this->base_config(), options_, kFields);
}

template <int N, Pool P>
AdaptivePooling<N, P> AdaptivePooling<N, P>::from_config(const Config& config) {
  return AdaptivePooling(options_from<AdaptivePoolingOptions<N>>(config, kFields));
}

template class AdaptivePooling<1, Pool::max>;
template class AdaptivePooling<2, Pool::max>;
template class AdaptivePooling<3, Pool::max>;
template class AdaptivePooling<1, Pool::average>;
template class AdaptivePooling<2, Pool::average>;
template class AdaptivePooling<3, Pool::average>;

}  // namespace hornbeam::layers
