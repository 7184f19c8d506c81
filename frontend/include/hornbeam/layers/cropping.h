// Cropping1D to 3D.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/layers/sizes.h>
#include <hornbeam/settings.h>

namespace hornbeam::layers {

template <int N>
struct CroppingOptions {
  Margins<N> cropping = N == 1 || N == 3 ? 1 : 0;  // one number, one for each spatial axis, or {start, end} for each
  // Cropping1D always has the channels last.
  std::string data_format = N == 1 ? "channels_last" : config::image_data_format();
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// Cuts elements off the ends of the spatial axes. Throws ValueError for negative cropping, inputs that are not of rank
// N + 2, and an axis of which nothing would be left.
template <int N>
class Cropping : public UnaryLayerOf<Cropping<N>> {
 public:
  explicit Cropping(CroppingOptions<N> options = {});
  void check_input(const Shape& input) const override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static Cropping from_config(const Config& config);

 private:
  CroppingOptions<N> options_;
};

extern template class Cropping<1>;
extern template class Cropping<2>;
extern template class Cropping<3>;

using Cropping1D = Cropping<1>;
using Cropping2D = Cropping<2>;
using Cropping3D = Cropping<3>;

}  // namespace hornbeam::layers
