// SimpleRNN.
#pragma once

#include <hornbeam/layers/recurrent.h>
#include <hornbeam/layers/simple_rnn_cell.h>

namespace hornbeam::layers {

struct SimpleRNNOptions {
  int64_t units = 0;  // must be > 0
  hornbeam::Activation activation = "tanh";
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer recurrent_initializer = "orthogonal";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer recurrent_regularizer = {};
  Regularizer bias_regularizer = {};
  Regularizer activity_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint recurrent_constraint = {};
  Constraint bias_constraint = {};
  double dropout = 0;            // of the inputs; the same elements at all steps
  double recurrent_dropout = 0;  // of the states
  std::optional<int64_t> seed = {};
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

// SimpleRNNCell over the steps of x [batch, time, in]: see there for what it computes, and recurrent.h for the options.
//   → [batch, units], or [batch, time, units] with return_sequences; then the states with return_state.
// Throws ValueError if units <= 0, or if a stateful layer is built for a batch of unknown size.
class SimpleRNN : public RecurrentOf<SimpleRNN> {
 public:
  explicit SimpleRNN(const SimpleRNNOptions& options);
  static SimpleRNN from_config(const Config& config);

 protected:
  Config own_config() const override;
};

}  // namespace hornbeam::layers
