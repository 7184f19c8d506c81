// Activation.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct ActivationOptions {
  hornbeam::Activation activation = "linear";
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// Applies an activation function to each element (softmax: to the last axis).
class Activation : public UnaryLayerOf<Activation> {
 public:
  explicit Activation(ActivationOptions options);
  explicit Activation(const char* activation) : Activation(ActivationOptions{.activation = activation}) {}
  Tensor call(const Tensor& x, const CallArgs&) override;
  Config config() const override;
  static Activation from_config(const Config& config);

 private:
  ActivationOptions options_;
};

}  // namespace hornbeam::layers
