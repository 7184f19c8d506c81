#include <hornbeam/layers/simple_rnn_cell.h>

#include "frontend/src/layers/activation_part.h"
#include "frontend/src/layers/cell_support.h"

namespace hornbeam::layers {

static const Register<SimpleRNNCell> registered{"SimpleRNNCell", "keras.layers"};

SimpleRNNCell::SimpleRNNCell(SimpleRNNCellOptions options)
    : RNNCellOf(options.name, options.dtype, options.trainable),
      options_(std::move(options)),
      seed_(track(random::SeedGenerator(options_.seed))) {
  track_activation(*this, options_.activation);
  check_units("SimpleRNNCell", options_.units);
  options_.dropout = std::clamp(options_.dropout, 0.0, 1.0);
  options_.recurrent_dropout = std::clamp(options_.recurrent_dropout, 0.0, 1.0);
}

std::vector<int64_t> SimpleRNNCell::state_size() const { return {options_.units}; }

void SimpleRNNCell::check_input(const Shapes& inputs) const { check_cell_input(*this, inputs, kernel_); }

void SimpleRNNCell::build(const Shapes& inputs) {
  check_known_axis(*this, inputs[0], -1);
  kernel_ = add_weight({.name = "kernel",
                        .shape = {inputs[0][-1], options_.units},
                        .initializer = options_.kernel_initializer,
                        .regularizer = options_.kernel_regularizer,
                        .constraint = options_.kernel_constraint});
  recurrent_kernel_ = add_weight({.name = "recurrent_kernel",
                                  .shape = {options_.units, options_.units},
                                  .initializer = options_.recurrent_initializer,
                                  .regularizer = options_.recurrent_regularizer,
                                  .constraint = options_.recurrent_constraint});
  if (options_.use_bias)
    bias_ = add_weight({.name = "bias",
                        .shape = {options_.units},
                        .initializer = options_.bias_initializer,
                        .regularizer = options_.bias_regularizer,
                        .constraint = options_.bias_constraint});
}

RNNCell::Run SimpleRNNCell::begin(const Shape& input, const CallArgs& args) {
  auto masks = [&](const Shape& shape, double rate) {
    return dropout_masks(1, shape, compute_dtype(), rate, seed_, args.is_training());
  };
  std::vector<Tensor> kept = masks(input, options_.dropout);
  std::vector<Tensor> kept_states = masks({input[0], options_.units}, options_.recurrent_dropout);
  Variable kernel = kernel_, recurrent_kernel = recurrent_kernel_, bias = bias_;
  Activation activation = options_.activation;
  Run run;
  run.project = [=](const Tensor& x) {
    Tensor y = masked_product(x, kernel, kept);
    return bias ? y + bias : y;
  };
  run.step = [=](const Tensor& x, const std::vector<Tensor>& states) {
    Tensor output = activation(x + masked_product(states[0], recurrent_kernel, kept_states));
    return std::vector<Tensor>{output, output};
  };
  return run;
}

Tensors SimpleRNNCell::call(const Tensors& inputs, const CallArgs& args) { return call_once(*this, inputs, args); }

Config SimpleRNNCell::config() const {
  Config config = base_config();
  config.merge(Config::object(
      {{"units", options_.units}, {"activation", options_.activation}, {"use_bias", options_.use_bias}}));
  write_initializers(options_, config);
  write_regularizers(options_, config);
  write_constraints(options_, config);
  config["seed"] = Config(options_.seed);
  return config;
}

SimpleRNNCell SimpleRNNCell::from_config(const Config& config) {
  SimpleRNNCellOptions options;
  read_base(config, options);
  config.read("units", options.units);
  read_weights(config, options);
  return SimpleRNNCell(std::move(options));
}

}  // namespace hornbeam::layers
