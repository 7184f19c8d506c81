// SimpleRNNCell.
#pragma once

#include <hornbeam/layers/rnn_cell.h>

namespace hornbeam::layers {

struct SimpleRNNCellOptions {
  int64_t units = 0;  // must be > 0
  hornbeam::Activation activation = "tanh";
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer recurrent_initializer = "orthogonal";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer recurrent_regularizer = {};
  Regularizer bias_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint recurrent_constraint = {};
  Constraint bias_constraint = {};
  double dropout = 0;            // of the inputs; the same elements at all steps
  double recurrent_dropout = 0;  // of the states
  std::optional<int64_t> seed = {};
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// output = activation(x · kernel + bias + h · recurrent_kernel), which is the new state.
//   kernel [in, units], recurrent_kernel [units, units], bias [units]
// Inputs {x [batch, in], h} → {output, new states…}.
// Throws ValueError if units <= 0.
class SimpleRNNCell : public RNNCellOf<SimpleRNNCell> {
 public:
  explicit SimpleRNNCell(SimpleRNNCellOptions options);
  std::vector<int64_t> state_size() const override;
  int64_t output_state() const override { return 0; }
  void check_input(const Shapes& inputs) const override;
  void build(const Shapes& inputs) override;
  Run begin(const Shape& input, const CallArgs& args) override;
  Tensors call(const Tensors& inputs, const CallArgs& args) override;
  Config config() const override;
  static SimpleRNNCell from_config(const Config& config);
  const SimpleRNNCellOptions& options() const { return options_; }

 private:
  SimpleRNNCellOptions options_;
  random::SeedGenerator seed_;
  Variable kernel_, recurrent_kernel_, bias_;
};

}  // namespace hornbeam::layers
