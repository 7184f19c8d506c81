// LSTMCell.
#pragma once

#include <hornbeam/layers/rnn_cell.h>

namespace hornbeam::layers {

struct LSTMCellOptions {
  int64_t units = 0;  // must be > 0
  hornbeam::Activation activation = "tanh";
  hornbeam::Activation recurrent_activation = "sigmoid";
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer recurrent_initializer = "orthogonal";
  Initializer bias_initializer = "zeros";
  bool unit_forget_bias = true;
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

// Hochreiter and Schmidhuber, "Long Short-Term Memory", 1997, with a forget gate. With
// z = x · kernel + h · recurrent_kernel + bias in four parts i, f, c, o, and a, r the activation and the recurrent one:
//   new c = r(z_f) * c + r(z_i) * a(z_c)        output = new h = r(z_o) * a(new c)
//   kernel [in, 4 * units], recurrent_kernel [units, 4 * units], bias [4 * units], the forget gate's part of which starts
//   as ones with unit_forget_bias. States: h, c.
// Inputs {x [batch, in], h, c} → {output, new states…}.
// Throws ValueError if units <= 0.
class LSTMCell : public RNNCellOf<LSTMCell> {
 public:
  explicit LSTMCell(LSTMCellOptions options);
  std::vector<int64_t> state_size() const override;
  int64_t output_state() const override { return 0; }
  void check_input(const Shapes& inputs) const override;
  void build(const Shapes& inputs) override;
  Run begin(const Shape& input, const CallArgs& args) override;
  Tensors call(const Tensors& inputs, const CallArgs& args) override;
  Config config() const override;
  static LSTMCell from_config(const Config& config);
  const LSTMCellOptions& options() const { return options_; }

 private:
  LSTMCellOptions options_;
  random::SeedGenerator seed_;
  Variable kernel_, recurrent_kernel_, bias_;
};

}  // namespace hornbeam::layers
