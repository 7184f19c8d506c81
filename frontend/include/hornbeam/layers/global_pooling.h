// GlobalMaxPooling1D to 3D and GlobalAveragePooling1D to 3D.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/layers/pooling.h>
#include <hornbeam/settings.h>

namespace hornbeam::layers {

struct GlobalPoolingOptions {
  std::string data_format = config::image_data_format();
  bool keepdims = false;  // keeps the spatial axes, of size 1
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// The largest element, or the mean, over all N spatial axes: [batch, spatial…, channels] → [batch, channels].
// GlobalAveragePooling1D counts only the steps that the mask keeps. Throws ValueError for inputs not of rank N + 2.
template <int N, Pool P>
class GlobalPooling : public UnaryLayerOf<GlobalPooling<N, P>> {
 public:
  explicit GlobalPooling(GlobalPoolingOptions options = {});
  void check_input(const Shape& input) const override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static GlobalPooling from_config(const Config& config);

 private:
  GlobalPoolingOptions options_;
};

extern template class GlobalPooling<1, Pool::max>;
extern template class GlobalPooling<2, Pool::max>;
extern template class GlobalPooling<3, Pool::max>;
extern template class GlobalPooling<1, Pool::average>;
extern template class GlobalPooling<2, Pool::average>;
extern template class GlobalPooling<3, Pool::average>;

using GlobalMaxPooling1D = GlobalPooling<1, Pool::max>;
using GlobalMaxPooling2D = GlobalPooling<2, Pool::max>;
using GlobalMaxPooling3D = GlobalPooling<3, Pool::max>;
using GlobalAveragePooling1D = GlobalPooling<1, Pool::average>;
using GlobalAveragePooling2D = GlobalPooling<2, Pool::average>;
using GlobalAveragePooling3D = GlobalPooling<3, Pool::average>;

}  // namespace hornbeam::layers
