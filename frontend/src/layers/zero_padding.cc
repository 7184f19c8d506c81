#include <hornbeam/layers/zero_padding.h>

#include <hornbeam/ops/shape.h>

#include "frontend/src/layers/fields.h"
#include "frontend/src/layers/windows.h"

namespace hornbeam::layers {
namespace {

constexpr auto kFields = [](auto& options, auto field) {
  field("padding", options.padding);
  field("data_format", options.data_format);
};

const Register<ZeroPadding1D> registered1{"ZeroPadding1D", "keras.layers"};
const Register<ZeroPadding2D> registered2{"ZeroPadding2D", "keras.layers"};
const Register<ZeroPadding3D> registered3{"ZeroPadding3D", "keras.layers"};

}  // namespace

template <int N>
ZeroPadding<N>::ZeroPadding(ZeroPaddingOptions<N> options)
    : UnaryLayerOf<ZeroPadding>(options.name, options.dtype, options.trainable), options_(std::move(options)) {
  if (!options_.padding.not_negative())
    throw ValueError("[" + this->class_name() +
                     "] padding must not be negative. Received: padding=" + Config(options_.padding).to_json());
  check_data_format(this->class_name(), options_.data_format);
}

template <int N>
void ZeroPadding<N>::check_input(const Shape& input) const {
  check_rank(*this, input, N + 2);
}

template <int N>
Tensor ZeroPadding<N>::call(const Tensor& x, const CallArgs& args) {
  std::vector<std::pair<int64_t, int64_t>> width(N + 2, {0, 0});
  for (int i = 0; i < N; ++i) width[first_spatial_axis(options_.data_format) + i] = options_.padding[i];
  return ops::pad(x, width);
}

template <int N>
Config ZeroPadding<N>::config() const {
  return with_fields(this->base_config(), options_, kFields);
}

template <int N>
ZeroPadding<N> ZeroPadding<N>::from_config(const Config& config) {
  return ZeroPadding(options_from<ZeroPaddingOptions<N>>(config, kFields));
}

template class ZeroPadding<1>;
template class ZeroPadding<2>;
template class ZeroPadding<3>;

}  // namespace hornbeam::layers
