// Resizing.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/settings.h>

namespace hornbeam::layers {

struct ResizingOptions {
  int64_t height = 0;  // of the output; must be > 0
  int64_t width = 0;
  std::string interpolation = "bilinear";  // or "nearest", "bicubic", "area", "lanczos3", "lanczos5"
  bool crop_to_aspect_ratio = false;       // cuts off what does not fit the output's shape instead of distorting
  bool pad_to_aspect_ratio = false;        // fills up instead
  std::string fill_mode = "constant";
  double fill_value = 0.0;
  bool antialias = false;  // averages where the image shrinks
  std::string data_format = config::image_data_format();
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// Images in another size: [batch, h, w, channels], or one image without batch, → [batch, height, width, channels].
// Integers are rounded. Throws ValueError for sizes that are not positive, an interpolation that is not known, both
// aspect options at once and inputs that are not of rank 3 or 4.
class Resizing : public UnaryLayerOf<Resizing> {
 public:
  explicit Resizing(ResizingOptions options);
  void check_input(const Shape& input) const override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static Resizing from_config(const Config& config);

 private:
  ResizingOptions options_;
};

}  // namespace hornbeam::layers
