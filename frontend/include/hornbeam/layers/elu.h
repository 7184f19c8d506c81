// ELU.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct ELUOptions {
  double alpha = 1.0;
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// x where x > 0, else alpha * (exp(x) - 1). Clevert et al., "Fast and accurate deep network learning by exponential
// linear units", ICLR 2016.
class ELU : public UnaryLayerOf<ELU> {
 public:
  explicit ELU(ELUOptions options = {});
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static ELU from_config(const Config& config);

 private:
  ELUOptions options_;
};

}  // namespace hornbeam::layers
