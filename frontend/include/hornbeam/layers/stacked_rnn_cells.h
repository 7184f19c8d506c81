// StackedRNNCells.
#pragma once

#include <hornbeam/layers/rnn_cell.h>

namespace hornbeam::layers {

struct StackedRNNCellsOptions {
  std::vector<CellHandle> cells;
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// Several cells as one: each takes the output of the one before. The states are those of all cells, in order.
class StackedRNNCells : public RNNCellOf<StackedRNNCells> {
 public:
  explicit StackedRNNCells(StackedRNNCellsOptions options);
  std::vector<int64_t> state_size() const override;
  int64_t output_size() const override;
  std::vector<Shape> state_shapes(const Shape& input) const override;
  Shape output_shape(const Shape& input) const override;
  int64_t output_state() const override;
  void build(const Shapes& inputs) override;
  Run begin(const Shape& input, const CallArgs& args) override;
  Tensors call(const Tensors& inputs, const CallArgs& args) override;
  Config config() const override;
  static StackedRNNCells from_config(const Config& config);
  const std::vector<CellHandle>& cells() const { return cells_; }

 private:
  std::vector<CellHandle> cells_;
};

}  // namespace hornbeam::layers
