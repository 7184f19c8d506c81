// What RNN, SimpleRNN, LSTM, GRU and ConvLSTM have in common: a cell run over the steps of a sequence.
#pragma once

#include <hornbeam/layers/rnn_cell.h>

namespace hornbeam::layers {

// How a sequence is run, with Keras' meanings:
struct RecurrentOptions {
  bool return_sequences = false;      // the outputs of all steps, instead of the last one's
  bool return_state = false;          // the last states behind the output
  bool go_backwards = false;          // the last step first; outputs in the order in which they were made
  bool stateful = false;              // the states at the end are those at the beginning of the next batch
  bool unroll = false;                // one copy of the cell's ops a step, instead of a loop
  bool zero_output_for_mask = false;  // outputs of masked steps are 0, instead of the last one before
};

// Takes x [batch, time, …], or {x, initial states…}; initial states may also be the tensor argument "initial_state". A
// step that the mask [batch, time] leaves out gives the output and keeps the states of the step before.
class Recurrent {
 public:
  virtual ~Recurrent() = default;
  const RecurrentOptions& recurrent_options() const { return recurrent_; }
  const CellHandle& cell() const { return cell_; }
  // The states of a stateful layer, in order; not set before it is built.
  const std::vector<Variable>& states() const { return states_; }
  // Puts zeros into the states of a stateful layer.
  void reset_state() const;

 protected:
  Recurrent(CellHandle cell, const RecurrentOptions& options);
  void check_sequence(const Layer& layer, const Shapes& inputs) const;
  // Makes the states of a stateful layer for one step's input [batch, …]. As in Keras they are no weights.
  void build_states(const Layer& layer, const Shape& step);
  Tensors run(const Tensors& inputs, const CallArgs& args, DType compute_dtype) const;
  Config recurrent_config() const;

  CellHandle cell_;
  int64_t input_rank_ = 0;  // 0: three or more
  RecurrentOptions recurrent_;
  std::vector<Variable> states_;
};

template <class Self>
class RecurrentOf : public LayerOf<Self>, public Recurrent {
 public:
  void check_input(const Shapes& inputs) const override { check_sequence(*this, inputs); }
  void build(const Shapes& inputs) override {
    Shape step = inputs[0];
    std::vector<int64_t> dims{step[0]};
    dims.insert(dims.end(), step.begin() + 2, step.end());
    cell_.layer()->ensure_built(Shapes(Shape(dims)));
    build_states(*this, Shape(dims));
  }
  Tensors call(const Tensors& inputs, const CallArgs& args) override { return run(inputs, args, this->compute_dtype()); }
  Config config() const override {
    Config config = this->base_config();
    config.merge(recurrent_config());
    config.merge(own_config());
    return config;
  }

 protected:
  RecurrentOf(CellHandle cell, const RecurrentOptions& options, Regularizer activity_regularizer,
              const std::optional<std::string>& name, const DTypePolicy& dtype, bool trainable)
      : LayerOf<Self>(name, dtype, trainable),
        Recurrent(std::move(cell), options),
        activity_(std::move(activity_regularizer)) {
    this->track_layer(*cell_.layer(), "cell");
  }
  Regularizer activity_regularizer() const override { return activity_; }
  // The part of the configuration that is the class' own.
  virtual Config own_config() const = 0;

  Regularizer activity_;
};

}  // namespace hornbeam::layers
