// RNN: any cell, over the steps of a sequence.
#pragma once

#include <hornbeam/layers/recurrent.h>

namespace hornbeam::layers {

struct RNNOptions {
  CellHandle cell;  // LSTMCell({.units = 8}), a list {LSTMCell(…), GRUCell(…)}, a cell of your own; must be given
  bool return_sequences = false;
  bool return_state = false;
  bool go_backwards = false;
  bool stateful = false;
  bool unroll = false;
  bool zero_output_for_mask = false;
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// x [batch, time, …] → the cell's output of the last step, or of all with return_sequences; see recurrent.h.
class RNN : public RecurrentOf<RNN> {
 public:
  explicit RNN(const RNNOptions& options);
  static RNN from_config(const Config& config);

 protected:
  Config own_config() const override;
};

}  // namespace hornbeam::layers
