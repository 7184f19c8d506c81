// PReLU.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct PReLUOptions {
  Initializer alpha_initializer = "zeros";
  Regularizer alpha_regularizer = {};
  Constraint alpha_constraint = {};
  std::optional<std::vector<int64_t>> shared_axes = {};  // along which there is one slope; the batch is 0
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// x where x > 0, else alpha * x with a slope for each element, learned: alpha has the input's shape without the batch,
// and 1 along shared axes. He et al., "Delving deep into rectifiers", ICCV 2015. Throws ValueError if another axis is
// unknown when it is built.
class PReLU : public UnaryLayerOf<PReLU> {
 public:
  explicit PReLU(PReLUOptions options = {});
  void check_input(const Shape& input) const override;
  void build(const Shape& input) override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static PReLU from_config(const Config& config);

 private:
  PReLUOptions options_;
  Variable alpha_;
};

}  // namespace hornbeam::layers
