// ZeroPadding1D to 3D.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/layers/sizes.h>
#include <hornbeam/settings.h>

namespace hornbeam::layers {

template <int N>
struct ZeroPaddingOptions {
  Margins<N> padding = 1;  // one number, one for each spatial axis, or {start, end} for each
  std::string data_format = config::image_data_format();
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// Zeros around the spatial axes: [batch, spatial…, channels] → [batch, start + spatial + end…, channels]. Throws
// ValueError for negative padding and inputs that are not of rank N + 2.
template <int N>
class ZeroPadding : public UnaryLayerOf<ZeroPadding<N>> {
 public:
  explicit ZeroPadding(ZeroPaddingOptions<N> options = {});
  void check_input(const Shape& input) const override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static ZeroPadding from_config(const Config& config);

 private:
  ZeroPaddingOptions<N> options_;
};

extern template class ZeroPadding<1>;
extern template class ZeroPadding<2>;
extern template class ZeroPadding<3>;

using ZeroPadding1D = ZeroPadding<1>;
using ZeroPadding2D = ZeroPadding<2>;
using ZeroPadding3D = ZeroPadding<3>;

}  // namespace hornbeam::layers
