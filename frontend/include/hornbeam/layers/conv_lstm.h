// ConvLSTM1D, ConvLSTM2D and ConvLSTM3D.
#pragma once

#include <hornbeam/layers/recurrent.h>
#include <hornbeam/layers/sizes.h>
#include <hornbeam/settings.h>

namespace hornbeam::layers {

template <int N>
struct ConvLSTMOptions {
  int64_t filters = 0;  // channels of the output; must be > 0
  Sizes<N> kernel_size = 1;
  Sizes<N> strides = 1;
  std::string padding = "valid";  // or "same"; of the inputs: states are always padded
  std::string data_format = config::image_data_format();
  Sizes<N> dilation_rate = 1;
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

// One step of a ConvLSTM: an LSTM whose products are convolutions.
template <int N>
class ConvLSTMCell : public RNNCellOf<ConvLSTMCell<N>> {
 public:
  explicit ConvLSTMCell(ConvLSTMOptions<N> options);
  std::vector<int64_t> state_size() const override;
  std::vector<Shape> state_shapes(const Shape& input) const override;
  Shape output_shape(const Shape& input) const override;
  int64_t output_state() const override { return 0; }
  void check_input(const Shapes& inputs) const override;
  void build(const Shapes& inputs) override;
  RNNCell::Run begin(const Shape& input, const CallArgs& args) override;
  Tensors call(const Tensors& inputs, const CallArgs& args) override;
  const ConvLSTMOptions<N>& options() const { return options_; }

 private:
  ConvLSTMOptions<N> options_;
  random::SeedGenerator seed_;
  Variable kernel_, recurrent_kernel_, bias_;
};

// Shi et al., "Convolutional LSTM Network: A Machine Learning Approach for Precipitation Nowcasting", 2015: LSTMCell's
// formulas with convolutions, over the steps of x.
//   x [batch, time, spatial…, channels] (or channels first)  →  [batch, spatial'…, filters], or [batch, time, …]
//   kernel [kernel_size…, channels, 4 * filters], recurrent_kernel [kernel_size…, filters, 4 * filters], bias [4 * filters]
template <int N>
class ConvLSTM : public RecurrentOf<ConvLSTM<N>> {
 public:
  explicit ConvLSTM(const ConvLSTMOptions<N>& options);
  static ConvLSTM from_config(const Config& config);

 protected:
  Config own_config() const override;
};

extern template class ConvLSTM<1>;
extern template class ConvLSTM<2>;
extern template class ConvLSTM<3>;

using ConvLSTM1D = ConvLSTM<1>;
using ConvLSTM2D = ConvLSTM<2>;
using ConvLSTM3D = ConvLSTM<3>;
using ConvLSTM1DOptions = ConvLSTMOptions<1>;
using ConvLSTM2DOptions = ConvLSTMOptions<2>;
using ConvLSTM3DOptions = ConvLSTMOptions<3>;

}  // namespace hornbeam::layers
