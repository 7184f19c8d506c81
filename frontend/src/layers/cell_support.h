// What the cells share: configuration, weights' initial values, masks of dropout.
#pragma once

#include <string>

#include <hornbeam/layers/rnn_cell.h>
#include <hornbeam/ops.h>

#include "frontend/src/layers/checks.h"

namespace hornbeam::layers {

inline void check_units(const char* class_name, int64_t units) {
  if (units <= 0)
    throw ValueError(std::string("[") + class_name +
                     "] Received an invalid value for argument `units`, expected a positive integer. Received: units=" +
                     std::to_string(units));
}

// Of {x, states…}: x's last axis is what the cell was built for.
inline void check_cell_input(const Layer& cell, const Shapes& inputs, const Variable& kernel) {
  check_rank(cell, inputs[0], 2);
  if (kernel) check_axis(cell, inputs[0], -1, kernel.shape()[0]);
}

// `count` tensors of factors: 0 with probability `rate`, else 1 / (1 - rate). None where nothing is to be dropped.
std::vector<Tensor> dropout_masks(size_t count, const Shape& shape, DType dtype, double rate,
                                  const random::SeedGenerator& seed, bool training);

// x · kernel, x multiplied by the mask. Several masks are one for each of as many equal parts of the kernel's columns.
Tensor masked_product(const Tensor& x, const Tensor& kernel, const std::vector<Tensor>& masks);

// Options of cells and of the layers that have one, all but those that only some have.
template <class Options>
void read_weights(const Config& config, Options& options) {
  config.read("activation", options.activation);
  config.read("use_bias", options.use_bias);
  config.read("kernel_initializer", options.kernel_initializer);
  config.read("recurrent_initializer", options.recurrent_initializer);
  config.read("bias_initializer", options.bias_initializer);
  config.read("kernel_regularizer", options.kernel_regularizer);
  config.read("recurrent_regularizer", options.recurrent_regularizer);
  config.read("bias_regularizer", options.bias_regularizer);
  config.read("kernel_constraint", options.kernel_constraint);
  config.read("recurrent_constraint", options.recurrent_constraint);
  config.read("bias_constraint", options.bias_constraint);
  config.read("dropout", options.dropout);
  config.read("recurrent_dropout", options.recurrent_dropout);
  config.read("seed", options.seed);
}
template <class Options>
void write_regularizers(const Options& options, Config& config) {
  config["kernel_regularizer"] = Config(options.kernel_regularizer);
  config["recurrent_regularizer"] = Config(options.recurrent_regularizer);
  config["bias_regularizer"] = Config(options.bias_regularizer);
}
template <class Options>
void write_constraints(const Options& options, Config& config) {
  config["kernel_constraint"] = Config(options.kernel_constraint);
  config["recurrent_constraint"] = Config(options.recurrent_constraint);
  config["bias_constraint"] = Config(options.bias_constraint);
  config["dropout"] = options.dropout;
  config["recurrent_dropout"] = options.recurrent_dropout;
}
template <class Options>
void write_initializers(const Options& options, Config& config) {
  config["kernel_initializer"] = Config(options.kernel_initializer);
  config["recurrent_initializer"] = Config(options.recurrent_initializer);
  config["bias_initializer"] = Config(options.bias_initializer);
}
template <class From, class To>
void copy_weights_options(const From& from, To& to) {
  to.activation = from.activation;
  to.use_bias = from.use_bias;
  to.kernel_initializer = from.kernel_initializer;
  to.recurrent_initializer = from.recurrent_initializer;
  to.bias_initializer = from.bias_initializer;
  to.kernel_regularizer = from.kernel_regularizer;
  to.recurrent_regularizer = from.recurrent_regularizer;
  to.bias_regularizer = from.bias_regularizer;
  to.kernel_constraint = from.kernel_constraint;
  to.recurrent_constraint = from.recurrent_constraint;
  to.bias_constraint = from.bias_constraint;
  to.dropout = from.dropout;
  to.recurrent_dropout = from.recurrent_dropout;
  to.seed = from.seed;
}

// `bias` with ones in the second of four equal parts of the last axis: LSTM's forget gate starts open.
Initializer with_unit_forget_bias(const Initializer& bias);

// The columns [first, end) of the last axis.
inline Tensor columns(const Tensor& x, int64_t first, int64_t end) {
  return ops::slice_axis(x, x.rank() - 1, first, end);
}

// A cell's own call, by the run that a layer would make of it: {x, states…} → {output, new states…}.
inline Tensors call_once(RNNCell& cell, const Tensors& inputs, const CallArgs& args) {
  RNNCell::Run run = cell.begin(inputs[0].shape(), args);
  std::vector<Tensor> states(inputs.begin() + 1, inputs.end());
  return Tensors(run.step(run.project(inputs[0]), states));
}

}  // namespace hornbeam::layers
