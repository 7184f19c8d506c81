// AdaptiveMaxPooling1D to 3D and AdaptiveAveragePooling1D to 3D.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/layers/pooling.h>
#include <hornbeam/settings.h>

namespace hornbeam::layers {

template <int N>
struct AdaptivePoolingOptions {
  Sizes<N> output_size = 1;  // of the spatial axes
  std::string data_format = config::image_data_format();
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// The largest element, or the mean, of windows that cover each spatial axis with a given number of outputs: [batch,
// spatial…, channels] → [batch, output_size…, channels]. On an axis of n elements output i of m sees the elements from
// floor(i n / m) to ceil((i + 1) n / m). Throws ValueError for sizes that are not positive and inputs not of rank N +
// 2.
template <int N, Pool P>
class AdaptivePooling : public UnaryLayerOf<AdaptivePooling<N, P>> {
 public:
  explicit AdaptivePooling(AdaptivePoolingOptions<N> options);
  void check_input(const Shape& input) const override;
  Tensor call(const Tensor& x, const CallArgs&) override;
  Config config() const override;
  static AdaptivePooling from_config(const Config& config);

 private:
  AdaptivePoolingOptions<N> options_;
};

extern template class AdaptivePooling<1, Pool::max>;
extern template class AdaptivePooling<2, Pool::max>;
extern template class AdaptivePooling<3, Pool::max>;
extern template class AdaptivePooling<1, Pool::average>;
extern template class AdaptivePooling<2, Pool::average>;
extern template class AdaptivePooling<3, Pool::average>;

using AdaptiveMaxPooling1D = AdaptivePooling<1, Pool::max>;
using AdaptiveMaxPooling2D = AdaptivePooling<2, Pool::max>;
using AdaptiveMaxPooling3D = AdaptivePooling<3, Pool::max>;
using AdaptiveAveragePooling1D = AdaptivePooling<1, Pool::average>;
using AdaptiveAveragePooling2D = AdaptivePooling<2, Pool::average>;
using AdaptiveAveragePooling3D = AdaptivePooling<3, Pool::average>;

}  // namespace hornbeam::layers
