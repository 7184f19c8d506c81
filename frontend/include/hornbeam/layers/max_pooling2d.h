// MaxPooling2D.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/layers/sizes.h>

namespace hornbeam::layers {

struct MaxPooling2DOptions {
  Size2 pool_size = 2;
  std::optional<Size2> strides = {};  // pool_size if not given
  std::string padding = "valid";      // or "same": the odd element is at the end
  std::string data_format = "channels_last";
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// The largest element of each window: [batch, height, width, channels] → [batch, height', width', channels].
// Throws ValueError for sizes that are not positive and inputs that are not of rank 4.
class MaxPooling2D : public UnaryLayerOf<MaxPooling2D> {
 public:
  explicit MaxPooling2D(MaxPooling2DOptions options = {});
  void check_input(const Shape& input) const override;
  Tensor call(const Tensor& x, const CallArgs&) override;
  Config config() const override;
  static MaxPooling2D from_config(const Config& config);

 private:
  MaxPooling2DOptions options_;
};

}  // namespace hornbeam::layers
