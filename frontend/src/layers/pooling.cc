#include <hornbeam/layers/pooling.h>

#include <hornbeam/ops/nn.h>

#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/windows.h"

namespace hornbeam::layers {
namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("pool_size", options.pool_size);
  field("padding", options.padding);
  field("strides", options.strides);
  field("data_format", options.data_format);
};

const Register<MaxPooling1D> max1{"MaxPooling1D", "keras.layers", {"MaxPool1D"}};
const Register<MaxPooling2D> max2{"MaxPooling2D", "keras.layers", {"MaxPool2D"}};
const Register<MaxPooling3D> max3{"MaxPooling3D", "keras.layers", {"MaxPool3D"}};
const Register<AveragePooling1D> average1{"AveragePooling1D", "keras.layers", {"AvgPool1D"}};
const Register<AveragePooling2D> average2{"AveragePooling2D", "keras.layers", {"AvgPool2D"}};
const Register<AveragePooling3D> average3{"AveragePooling3D", "keras.layers", {"AvgPool3D"}};

}  // namespace

template <int N, Pool P>
Pooling<N, P>::Pooling(PoolingOptions<N> options)
    : UnaryLayerOf<Pooling>(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  if (!options_.strides) options_.strides = options_.pool_size;
  check_positive(this->class_name(), "pool_size", options_.pool_size);
  check_positive(this->class_name(), "strides", *options_.strides);
  check_padding(this->class_name(), options_.padding);
  check_data_format(this->class_name(), options_.data_format);
}

template <int N, Pool P>
void Pooling<N, P>::check_input(const Shape& input) const {
  check_rank(*this, input, N + 2);
}

template <int N, Pool P>
Tensor Pooling<N, P>::call(const Tensor& x, const CallArgs&) {
  auto pool = P == Pool::max ? ops::max_pool : ops::average_pool;
  return pool(x, options_.pool_size.dims(), options_.strides->dims(), options_.padding, options_.data_format);
}

template <int N, Pool P>
Config Pooling<N, P>::config() const {
  return with_fields(this->base_config(), options_, kFields);
}

template <int N, Pool P>
Pooling<N, P> Pooling<N, P>::from_config(const Config& config) {
  return Pooling(options_from<PoolingOptions<N>>(config, kFields));
}

template class Pooling<1, Pool::max>;
template class Pooling<2, Pool::max>;
template class Pooling<3, Pool::max>;
template class Pooling<1, Pool::average>;
template class Pooling<2, Pool::average>;
template class Pooling<3, Pool::average>;

}  // namespace hornbeam::layers
