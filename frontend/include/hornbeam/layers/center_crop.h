// CenterCrop.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/settings.h>

namespace hornbeam::layers {

struct CenterCropOptions {
  int64_t height = 0;  // of the output; must be > 0
  int64_t width = 0;
  std::string data_format = config::image_data_format();
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// The middle of images: [batch, h, w, channels], or one image without batch, → [batch, height, width, channels]. An
// image that is too small is cut to the output's aspect and enlarged (bilinear). Throws ValueError for sizes that are
// not positive and inputs that are not of rank 3 or 4.
class CenterCrop : public UnaryLayerOf<CenterCrop> {
 public:
  explicit CenterCrop(CenterCropOptions options);
  void check_input(const Shape& input) const override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static CenterCrop from_config(const Config& config);

 private:
  CenterCropOptions options_;
};

}  // namespace hornbeam::layers
