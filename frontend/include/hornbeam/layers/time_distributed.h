// TimeDistributed.
#pragma once

#include <hornbeam/layers/wrapped_layer.h>

namespace hornbeam::layers {

struct TimeDistributedOptions {
  WrappedLayer layer;  // must be given
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// The layer on every step of x [batch, time, …], all with the same weights. A mask [batch, time, …] is given to the layer
// step by step. Throws ValueError if x has fewer than three axes, or if the mask does not fit.
class TimeDistributed : public UnaryLayerOf<TimeDistributed> {
 public:
  explicit TimeDistributed(TimeDistributedOptions options);
  void check_input(const Shape& input) const override;
  void build(const Shape& input) override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static TimeDistributed from_config(const Config& config);

 private:
  LayerPtr layer_;
};

}  // namespace hornbeam::layers
