// A layer given to another as an option: any layer object, or a shared one.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

class WrappedLayer {
 public:
  WrappedLayer() = default;
  WrappedLayer(std::nullptr_t) {}
  WrappedLayer(LayerPtr layer) : layer_(std::move(layer)) {}
  template <class L>
    requires std::derived_from<L, Layer>
  WrappedLayer(const L& layer) : layer_(layer.shared()) {}
  bool valid() const { return layer_ != nullptr; }
  explicit operator bool() const { return valid(); }
  Layer* operator->() const { return layer_.get(); }
  const LayerPtr& layer() const { return layer_; }

 private:
  LayerPtr layer_;
};

}  // namespace hornbeam::layers
