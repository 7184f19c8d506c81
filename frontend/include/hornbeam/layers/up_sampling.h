// UpSampling1D to 3D.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/layers/sizes.h>
#include <hornbeam/settings.h>

namespace hornbeam::layers {

template <int N>
struct UpSamplingOptions {
  Sizes<N> size = 2;                         // how often each element of an axis is repeated
  // UpSampling1D always has the channels last.
  std::string data_format = N == 1 ? "channels_last" : config::image_data_format();
  std::string interpolation = "nearest";      // UpSampling2D also "bilinear", "bicubic", "area", "lanczos3", "lanczos5"
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// More elements along the spatial axes: [batch, spatial…, channels] → [batch, spatial * size…, channels]. Throws
// ValueError for sizes that are not positive, an interpolation that is not known, and inputs that are not of rank N +
// 2.
template <int N>
class UpSampling : public UnaryLayerOf<UpSampling<N>> {
 public:
  explicit UpSampling(UpSamplingOptions<N> options = {});
  void check_input(const Shape& input) const override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static UpSampling from_config(const Config& config);

 private:
  UpSamplingOptions<N> options_;
};

extern template class UpSampling<1>;
extern template class UpSampling<2>;
extern template class UpSampling<3>;

using UpSampling1D = UpSampling<1>;
using UpSampling2D = UpSampling<2>;
using UpSampling3D = UpSampling<3>;

}  // namespace hornbeam::layers
