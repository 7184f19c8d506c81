// Flatten.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/settings.h>

namespace hornbeam::layers {

struct FlattenOptions {
  std::string data_format = config::image_data_format();
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// All axes but the batch become one: [batch, ...] → [batch, n]. With channels_first the channels go last before that.
class Flatten : public UnaryLayerOf<Flatten> {
 public:
  explicit Flatten(FlattenOptions options = {});
  void check_input(const Shape& input) const override;
  Tensor call(const Tensor& x, const CallArgs&) override;
  Config config() const override;
  static Flatten from_config(const Config& config);

 private:
  FlattenOptions options_;
};

}  // namespace hornbeam::layers
