// Wrapper: what layers derive from that do something with another layer of one tensor, ours and users'.
#pragma once

#include <hornbeam/layers/wrapped_layer.h>

namespace hornbeam::layers {

// Holds the layer, which is built for the wrapper's input and is part of the wrapper's config as "layer".
template <class Self>
class Wrapper : public UnaryLayerOf<Self> {
 public:
  void build(const Shape& input) override { layer_->ensure_built(input); }
  Config config() const override {
    Config config = this->base_config();
    config["layer"] = layer_->serialize();
    return config;
  }
  const LayerPtr& layer() const { return layer_; }

 protected:
  Wrapper(const WrappedLayer& layer, const std::optional<std::string>& name, const DTypePolicy& dtype, bool trainable)
      : UnaryLayerOf<Self>(name, dtype, trainable), layer_(layer.layer()) {
    if (!layer_)
      throw ValueError("[" + this->class_name() + "] No layer is given to wrap. Pass one: {.layer = Dense({…})}");
    this->track_layer(*layer_, "layer");
  }

 private:
  LayerPtr layer_;
};

}  // namespace hornbeam::layers
