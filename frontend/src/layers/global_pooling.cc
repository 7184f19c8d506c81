#include <hornbeam/layers/global_pooling.h>

#include <hornbeam/ops.h>

#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/windows.h"

namespace hornbeam::layers {
namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("data_format", options.data_format);
  field("keepdims", options.keepdims);
};

const Register<GlobalMaxPooling1D> max1{"GlobalMaxPooling1D", "keras.layers", {"GlobalMaxPool1D"}};
const Register<GlobalMaxPooling2D> max2{"GlobalMaxPooling2D", "keras.layers", {"GlobalMaxPool2D"}};
const Register<GlobalMaxPooling3D> max3{"GlobalMaxPooling3D", "keras.layers", {"GlobalMaxPool3D"}};
const Register<GlobalAveragePooling1D> average1{"GlobalAveragePooling1D", "keras.layers", {"GlobalAvgPool1D"}};
const Register<GlobalAveragePooling2D> average2{"GlobalAveragePooling2D", "keras.layers", {"GlobalAvgPool2D"}};
const Register<GlobalAveragePooling3D> average3{"GlobalAveragePooling3D", "keras.layers", {"GlobalAvgPool3D"}};

}  // namespace

template <int N, Pool P>
GlobalPooling<N, P>::GlobalPooling(GlobalPoolingOptions options)
    : UnaryLayerOf<GlobalPooling>(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  check_data_format(this->class_name(), options_.data_format);
}

template <int N, Pool P>
void GlobalPooling<N, P>::check_input(const Shape& input) const {
  check_rank(*this, input, N + 2);
}

template <int N, Pool P>
Tensor GlobalPooling<N, P>::call(const Tensor& x, const CallArgs& args) {
  std::vector<int64_t> spatial;
  for (int i = 0; i < N; ++i) spatial.push_back(first_spatial_axis(options_.data_format) + i);
  if (P == Pool::max) return ops::max(x, spatial, options_.keepdims);
  if (N > 1 || !args.mask) return ops::mean(x, spatial, options_.keepdims);
  Tensor kept = ops::expand_dims(ops::cast(args.mask, x.dtype()), channel_axis(options_.data_format, N));
  return ops::sum(x * kept, spatial, options_.keepdims) / ops::sum(kept, spatial, options_.keepdims);
}

template <int N, Pool P>
Config GlobalPooling<N, P>::config() const {
  return with_fields(this->base_config(), options_, kFields);
}

template <int N, Pool P>
GlobalPooling<N, P> GlobalPooling<N, P>::from_config(const Config& config) {
  return GlobalPooling(options_from<GlobalPoolingOptions>(config, kFields));
}

template class GlobalPooling<1, Pool::max>;
template class GlobalPooling<2, Pool::max>;
template class GlobalPooling<3, Pool::max>;
template class GlobalPooling<1, Pool::average>;
template class GlobalPooling<2, Pool::average>;
template class GlobalPooling<3, Pool::average>;

}  // namespace hornbeam::layers
