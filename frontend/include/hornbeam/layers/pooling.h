// MaxPooling1D to 3D and AveragePooling1D to 3D.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/layers/sizes.h>
#include <hornbeam/settings.h>

namespace hornbeam::layers {

enum class Pool : uint8_t { max, average };

template <int N>
struct PoolingOptions {
  Sizes<N> pool_size = 2;
  std::optional<Sizes<N>> strides = {};  // pool_size if not given
  std::string padding = "valid";         // or "same": the odd element is at the end
  std::string data_format = config::image_data_format();
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// The largest element, or the mean, of each window: [batch, spatial…, channels] → [batch, spatial'…, channels]. Padding
// is not counted. Throws ValueError for sizes that are not positive and inputs that are not of rank N + 2.
template <int N, Pool P>
class Pooling : public UnaryLayerOf<Pooling<N, P>> {
 public:
  explicit Pooling(PoolingOptions<N> options = {});
  void check_input(const Shape& input) const override;
  Tensor call(const Tensor& x, const CallArgs&) override;
  Config config() const override;
  static Pooling from_config(const Config& config);

 private:
  PoolingOptions<N> options_;
};

extern template class Pooling<1, Pool::max>;
extern template class Pooling<2, Pool::max>;
extern template class Pooling<3, Pool::max>;
extern template class Pooling<1, Pool::average>;
extern template class Pooling<2, Pool::average>;
extern template class Pooling<3, Pool::average>;

using MaxPooling1D = Pooling<1, Pool::max>;
using MaxPooling2D = Pooling<2, Pool::max>;
using MaxPooling3D = Pooling<3, Pool::max>;
using AveragePooling1D = Pooling<1, Pool::average>;
using AveragePooling2D = Pooling<2, Pool::average>;
using AveragePooling3D = Pooling<3, Pool::average>;

}  // namespace hornbeam::layers
