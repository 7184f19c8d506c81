// Bidirectional.
#pragma once

#include <hornbeam/layers/wrapped_layer.h>

namespace hornbeam::layers {

class Recurrent;

struct BidirectionalOptions {
  WrappedLayer layer;  // a recurrent layer; must be given
  std::optional<std::string> merge_mode = "concat";  // "sum", "mul", "ave", "concat"; without, a list of both
  WrappedLayer backward_layer = {};  // if not given, one like `layer` that goes backwards
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// Runs two recurrent layers, one from the first step on and one from the last, and merges their outputs. The layers are
// made anew from the given ones' configurations, named forward_… and backward_….
// With return_state the states follow, those of the forward layer first. "initial_state" has both layers' states.
// Throws ValueError for another merge mode, and for layers that do not fit together.
class Bidirectional : public LayerOf<Bidirectional> {
 public:
  explicit Bidirectional(BidirectionalOptions options);
  void check_input(const Shapes& inputs) const override;
  void build(const Shapes& inputs) override;
  Tensors call(const Tensors& inputs, const CallArgs& args) override;
  Config config() const override;
  static Bidirectional from_config(const Config& config);

  const LayerPtr& forward_layer() const { return forward_; }
  const LayerPtr& backward_layer() const { return backward_; }
  // Puts zeros into the states of stateful layers. Throws ValueError for others.
  void reset_state() const;

 private:
  Tensor merge(const Tensor& forward, const Tensor& backward) const;

  std::optional<std::string> merge_mode_;
  LayerPtr forward_, backward_;
};

}  // namespace hornbeam::layers
