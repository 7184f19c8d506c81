// UnitNormalization.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/ops/axes.h>

namespace hornbeam::layers {

struct UnitNormalizationOptions {
  Axes axis = -1;  // one, or several that are normalized together
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// x / |x|, the length over the axes. Throws ValueError for an axis that is not there.
class UnitNormalization : public UnaryLayerOf<UnitNormalization> {
 public:
  explicit UnitNormalization(UnitNormalizationOptions options = {});
  void check_input(const Shape& input) const override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static UnitNormalization from_config(const Config& config);

 private:
  UnitNormalizationOptions options_;
};

}  // namespace hornbeam::layers
