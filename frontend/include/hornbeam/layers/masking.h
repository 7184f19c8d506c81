// Masking.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct MaskingOptions {
  double mask_value = 0;
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// Leaves out steps: where all elements of the last axis equal mask_value, the output is 0 and its mask false. Layers that
// mind masks (recurrent ones, attention, losses) then skip these steps.
class Masking : public UnaryLayerOf<Masking> {
 public:
  explicit Masking(MaskingOptions options = {});
  void check_input(const Shape& input) const override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static Masking from_config(const Config& config);

 private:
  MaskingOptions options_;
};

}  // namespace hornbeam::layers
