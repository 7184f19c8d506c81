// SpatialDropout1D to 3D.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/layers/sizes.h>
#include <hornbeam/settings.h>

namespace hornbeam::layers {

struct SpatialDropoutOptions {
  double rate = 0.0;  // the fraction of channels to drop, in [0, 1]
  std::optional<int64_t> seed = {};
  std::string data_format = config::image_data_format();  // SpatialDropout1D always has the channels last
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// Dropout of whole channels: in training each channel of a sample is 0 with probability `rate`, else divided by 1 -
// rate. Tompson et al., "Efficient object localization using convolutional networks", CVPR 2015. Throws ValueError for
// a rate outside [0, 1] and inputs that are not of rank N + 2.
template <int N>
class SpatialDropout : public UnaryLayerOf<SpatialDropout<N>> {
 public:
  explicit SpatialDropout(SpatialDropoutOptions options);
  void check_input(const Shape& input) const override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static SpatialDropout from_config(const Config& config);

 private:
  SpatialDropoutOptions options_;
  std::optional<random::SeedGenerator> seed_;
};

extern template class SpatialDropout<1>;
extern template class SpatialDropout<2>;
extern template class SpatialDropout<3>;

using SpatialDropout1D = SpatialDropout<1>;
using SpatialDropout2D = SpatialDropout<2>;
using SpatialDropout3D = SpatialDropout<3>;

}  // namespace hornbeam::layers
