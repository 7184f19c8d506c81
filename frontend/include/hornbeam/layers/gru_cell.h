// GRUCell.
#pragma once

#include <hornbeam/layers/rnn_cell.h>

namespace hornbeam::layers {

struct GRUCellOptions {
  int64_t units = 0;  // must be > 0
  hornbeam::Activation activation = "tanh";
  hornbeam::Activation recurrent_activation = "sigmoid";
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
  bool reset_after = true;
  std::optional<int64_t> seed = {};
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder", 2014. With parts z, r, h of x · kernel and of
// h · recurrent_kernel:
//   z = r(x_z + h_z), r = r(x_r + h_r), output = new h = z * h + (1 - z) * a(x_h + r * h_h)
//   With reset_after = false the reset gate comes before the product: (r * h) · recurrent_kernel_h instead of r * h_h.
//   kernel [in, 3 * units], recurrent_kernel [units, 3 * units], bias [2, 3 * units] (of x, and of h) with reset_after,
//   else [3 * units].
// Inputs {x [batch, in], h} → {output, new states…}.
// Throws ValueError if units <= 0.
class GRUCell : public RNNCellOf<GRUCell> {
 public:
  explicit GRUCell(GRUCellOptions options);
  std::vector<int64_t> state_size() const override;
  int64_t output_state() const override { return 0; }
  void check_input(const Shapes& inputs) const override;
  void build(const Shapes& inputs) override;
  Run begin(const Shape& input, const CallArgs& args) override;
  Tensors call(const Tensors& inputs, const CallArgs& args) override;
  Config config() const override;
  static GRUCell from_config(const Config& config);
  const GRUCellOptions& options() const { return options_; }

 private:
  GRUCellOptions options_;
  random::SeedGenerator seed_;
  Variable kernel_, recurrent_kernel_, bias_;
};

}  // namespace hornbeam::layers
