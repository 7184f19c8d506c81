#include <hornbeam/layers/rnn_cell.h>

namespace hornbeam::layers {

std::vector<Shape> RNNCell::state_shapes(const Shape&) const {
  std::vector<Shape> shapes;
  for (int64_t size : state_size()) shapes.push_back({size});
  return shapes;
}

Shape RNNCell::output_shape(const Shape&) const { return {output_size()}; }

CellHandle::CellHandle(LayerPtr cell) : layer_(std::move(cell)), cell_(dynamic_cast<RNNCell*>(layer_.get())) {
  if (layer_ && !cell_)
    throw ValueError("The RNN cell should have a `state_size` attribute (derive it from RNNCellOf). Received: cell=" +
                     layer_->class_name());
}

}  // namespace hornbeam::layers
