// RNNCell: what a recurrent layer runs at each step. A user's cell derives from RNNCellOf<Self>:
//
//   class Minimal : public hb::layers::RNNCellOf<Minimal> {
//    public:
//     std::vector<int64_t> state_size() const override { return {32}; }
//     void build(const hb::Shapes& inputs) override { … add_weight … }        // inputs[0]: the shape of one step's input
//     hb::Tensors call(const hb::Tensors& inputs, const hb::CallArgs&) override {  // {x, states…} → {output, new states…}
//       hb::Tensor h = hb::ops::tanh(hb::ops::matmul(inputs[0], kernel_) + hb::ops::matmul(inputs[1], recurrent_));
//       return {h, h};
//     }
//   };
//   hb::layers::RNN({.cell = Minimal()})
#pragma once

#include <functional>
#include <vector>

#include <hornbeam/layer.h>

namespace hornbeam::layers {

class RNNCell {
 public:
  virtual ~RNNCell() = default;
  // The size of each state.
  virtual std::vector<int64_t> state_size() const = 0;
  virtual int64_t output_size() const { return state_size().front(); }

  // For states that are no vectors: shapes without the batch axis, for one step's input [batch, …].
  virtual std::vector<Shape> state_shapes(const Shape& input) const;
  virtual Shape output_shape(const Shape& input) const;

  // One pass over a sequence. `project` is what can be done with the inputs of all steps at once ([time, batch, …] or
  // [batch, …]); `step` does the rest: (projected input, states) → {output, new states…}.
  struct Run {
    std::function<Tensor(const Tensor& x)> project;
    std::function<std::vector<Tensor>(const Tensor& x, const std::vector<Tensor>& states)> step;
  };
  // Called once before a sequence of steps whose input is [batch, …]: what is the same at all steps (masks of dropout) is
  // made here.
  virtual Run begin(const Shape& input, const CallArgs& args) = 0;
  // The state that the output always equals; -1 if there is none.
  virtual int64_t output_state() const { return -1; }
};

template <class Self>
class RNNCellOf : public LayerOf<Self>, public RNNCell {
 public:
  Run begin(const Shape&, const CallArgs& args) override {
    LayerPtr self = this->shared();
    CallArgs own{.training = args.training};
    return {[](const Tensor& x) { return x; },
            [self, own](const Tensor& x, const std::vector<Tensor>& states) {
              std::vector<Tensor> inputs{x};
              inputs.insert(inputs.end(), states.begin(), states.end());
              return self->invoke(Tensors(inputs), own).flat();
            }};
  }

 protected:
  using LayerOf<Self>::LayerOf;
};

// A cell given to a layer: any object of a class that derives from RNNCellOf, or a shared layer of such a class.
class CellHandle {
 public:
  CellHandle() = default;
  CellHandle(LayerPtr cell);  // throws ValueError if it is no cell
  CellHandle(std::initializer_list<CellHandle> cells);  // a StackedRNNCells of them
  template <class C>
    requires(std::derived_from<C, Layer> && std::derived_from<C, RNNCell>)
  CellHandle(const C& cell) : CellHandle(cell.shared()) {}
  bool valid() const { return layer_ != nullptr; }
  const LayerPtr& layer() const { return layer_; }
  RNNCell* operator->() const { return cell_; }
  RNNCell& operator*() const { return *cell_; }

 private:
  LayerPtr layer_;
  RNNCell* cell_ = nullptr;
};

}  // namespace hornbeam::layers
