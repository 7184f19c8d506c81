// Sequential: a plain stack of layers. With an Input first, or once it has seen data, it is a functional model.
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <hornbeam/input.h>
#include <hornbeam/model.h>

namespace hornbeam {

class SequentialItem {
 public:
  SequentialItem(const Tensor& input);  // an Input. Throws ValueError for any other tensor
  template <class L>
    requires std::derived_from<L, Layer>
  SequentialItem(const L& layer) : layer_(layer.shared()) {}
  SequentialItem(LayerPtr layer) : layer_(std::move(layer)) {}
  const LayerPtr& layer() const { return layer_; }

 private:
  LayerPtr layer_;
};

class Sequential : public ModelOf<Sequential> {
 public:
  Sequential() : Sequential(std::vector<SequentialItem>()) {}
  Sequential(std::initializer_list<SequentialItem> layers, const std::optional<std::string>& name = {})
      : Sequential(std::vector<SequentialItem>(layers), name) {}
  explicit Sequential(std::vector<SequentialItem> layers, const std::optional<std::string>& name = {});

  void add(const SequentialItem& layer);
  void pop();

  void build(const Shapes& inputs) override;
  Tensors call(const Tensors& inputs, const CallArgs& args) override;
  Config config() const override;
  static Sequential from_config(const Config& config);

 private:
  void append(const SequentialItem& layer);
  void refresh();
  void rebuild(const std::optional<Shape>& batch_shape, DType dtype) const;
};

}  // namespace hornbeam
