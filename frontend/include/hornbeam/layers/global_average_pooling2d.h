// GlobalAveragePooling2D.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct GlobalAveragePooling2DOptions {
  std::string data_format = "channels_last";
  bool keepdims = false;
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// The mean over height and width: [batch, height, width, channels] → [batch, channels], or [batch, 1, 1, channels].
class GlobalAveragePooling2D : public UnaryLayerOf<GlobalAveragePooling2D> {
 public:
  explicit GlobalAveragePooling2D(GlobalAveragePooling2DOptions options = {});
  void check_input(const Shape& input) const override;
  Tensor call(const Tensor& x, const CallArgs&) override;
  Config config() const override;
  static GlobalAveragePooling2D from_config(const Config& config);

 private:
  GlobalAveragePooling2DOptions options_;
};

}  // namespace hornbeam::layers
