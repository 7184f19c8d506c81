// Reshape.
#pragma once

#include <concepts>
#include <utility>

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct ReshapeOptions {
  Shape target_shape = {};  // without the batch axis; one axis may be -1
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// [batch, ...] → [batch, target_shape]. Throws ValueError if the number of elements does not fit.
class Reshape : public UnaryLayerOf<Reshape> {
 public:
  explicit Reshape(ReshapeOptions options);
  // A template, so that braces mean options: g++ 12 would take {.target_shape = …} for a Shape, too.
  template <std::same_as<Shape> S>
  explicit Reshape(S target_shape) : Reshape(ReshapeOptions{.target_shape = std::move(target_shape)}) {}
  void check_input(const Shape& input) const override;
  Tensor call(const Tensor& x, const CallArgs&) override;
  Config config() const override;
  static Reshape from_config(const Config& config);

 private:
  ReshapeOptions options_;
};

}  // namespace hornbeam::layers
