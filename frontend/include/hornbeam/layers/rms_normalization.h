// RMSNormalization.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/ops/axes.h>

namespace hornbeam::layers {

struct RMSNormalizationOptions {
  Axes axis = -1;  // one, or several that are normalized together
  double epsilon = 1e-6;
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// scale * x / sqrt(mean(x²) + epsilon), the mean over the axes. scale has the sizes of the axes and broadcasts as it
// is, so that an axis that is not the last works only where its size is the last one's. Zhang and Sennrich, "Root mean
// square layer normalization", 2019. Throws ValueError for an axis that is not there or, when it is built, unknown.
class RMSNormalization : public UnaryLayerOf<RMSNormalization> {
 public:
  explicit RMSNormalization(RMSNormalizationOptions options = {});
  void check_input(const Shape& input) const override;
  void build(const Shape& input) override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static RMSNormalization from_config(const Config& config);

 private:
  RMSNormalizationOptions options_;
  Variable scale_;
};

}  // namespace hornbeam::layers
