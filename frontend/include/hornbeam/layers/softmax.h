// Softmax.
#pragma once

#include <hornbeam/layer.h>
#include <hornbeam/ops/axes.h>

namespace hornbeam::layers {

struct SoftmaxOptions {
  Axes axis = -1;
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// exp(x - logsumexp(x)) along one axis, or several together. args.mask: positions that are false get no weight.
class Softmax : public UnaryLayerOf<Softmax> {
 public:
  explicit Softmax(SoftmaxOptions options = {});
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static Softmax from_config(const Config& config);

 private:
  SoftmaxOptions options_;
};

}  // namespace hornbeam::layers
