#include <hornbeam/layers/lstm_cell.h>

#include "frontend/src/layers/activation_part.h"
#include "frontend/src/layers/cell_support.h"

namespace hornbeam::layers {

static const Register<LSTMCell> registered{"LSTMCell", "keras.layers"};

LSTMCell::LSTMCell(LSTMCellOptions options)
    : RNNCellOf(options.name, options.dtype, options.trainable),
      options_(std::move(options)),
      seed_(track(random::SeedGenerator(options_.seed))) {
  track_activation(*this, options_.activation);
  track_activation(*this, options_.recurrent_activation, "recurrent_activation");
  check_units("LSTMCell", options_.units);
  options_.dropout = std::clamp(options_.dropout, 0.0, 1.0);
  options_.recurrent_dropout = std::clamp(options_.recurrent_dropout, 0.0, 1.0);
}

std::vector<int64_t> LSTMCell::state_size() const { return {options_.units, options_.units}; }

void LSTMCell::check_input(const Shapes& inputs) const { check_cell_input(*this, inputs, kernel_); }

void LSTMCell::build(const Shapes& inputs) {
  check_known_axis(*this, inputs[0], -1);
  int64_t units = options_.units;
  kernel_ = add_weight({.name = "kernel",
                        .shape = {inputs[0][-1], 4 * units},
                        .initializer = options_.kernel_initializer,
                        .regularizer = options_.kernel_regularizer,
                        .constraint = options_.kernel_constraint});
  recurrent_kernel_ = add_weight({.name = "recurrent_kernel",
                                  .shape = {units, 4 * units},
                                  .initializer = options_.recurrent_initializer,
                                  .regularizer = options_.recurrent_regularizer,
                                  .constraint = options_.recurrent_constraint});
  if (!options_.use_bias) return;
  bias_ = add_weight({.name = "bias",
                      .shape = {4 * units},
                      .initializer = options_.unit_forget_bias ? with_unit_forget_bias(options_.bias_initializer)
                                                               : options_.bias_initializer,
                      .regularizer = options_.bias_regularizer,
                      .constraint = options_.bias_constraint});
}

RNNCell::Run LSTMCell::begin(const Shape& input, const CallArgs& args) {
  int64_t units = options_.units;
  // With dropout of the states every gate has masks of its own.
  const size_t count = options_.recurrent_dropout > 0 ? 4 : 1;
  auto masks = [&](const Shape& shape, double rate) {
    return dropout_masks(count, shape, compute_dtype(), rate, seed_, args.is_training());
  };
  std::vector<Tensor> kept = masks(input, options_.dropout);
  std::vector<Tensor> kept_states = masks({input[0], units}, options_.recurrent_dropout);
  Variable kernel = kernel_, recurrent_kernel = recurrent_kernel_, bias = bias_;
  Activation activation = options_.activation, gate = options_.recurrent_activation;
  Run run;
  run.project = [=](const Tensor& x) {
    Tensor y = masked_product(x, kernel, kept);
    return bias ? y + bias : y;
  };
  run.step = [=](const Tensor& x, const std::vector<Tensor>& states) {
    Tensor z = x + masked_product(states[0], recurrent_kernel, kept_states);
    Tensor i = gate(columns(z, 0, units)), f = gate(columns(z, units, 2 * units));
    Tensor c = f * states[1] + i * activation(columns(z, 2 * units, 3 * units));
    Tensor output = gate(columns(z, 3 * units, 4 * units)) * activation(c);
    return std::vector<Tensor>{output, output, c};
  };
  return run;
}

Tensors LSTMCell::call(const Tensors& inputs, const CallArgs& args) { return call_once(*this, inputs, args); }

Config LSTMCell::config() const {
  Config config = base_config();
  config.merge(Config::object({{"units", options_.units},
                               {"activation", options_.activation},
                               {"recurrent_activation", options_.recurrent_activation},
                               {"use_bias", options_.use_bias},
                               {"unit_forget_bias", options_.unit_forget_bias}}));
  write_initializers(options_, config);
  write_regularizers(options_, config);
  write_constraints(options_, config);
  config["seed"] = Config(options_.seed);
  return config;
}

LSTMCell LSTMCell::from_config(const Config& config) {
  LSTMCellOptions options;
  read_base(config, options);
  config.read("units", options.units);
  config.read("recurrent_activation", options.recurrent_activation);
  config.read("unit_forget_bias", options.unit_forget_bias);
  read_weights(config, options);
  return LSTMCell(std::move(options));
}

}  // namespace hornbeam::layers
