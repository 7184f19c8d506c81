#include <hornbeam/layers/lstm.h>

#include "frontend/src/layers/cell_support.h"

namespace hornbeam::layers {
namespace {

const Register<LSTM> registered{"LSTM", "keras.layers"};

LSTMCell cell_of(const LSTMOptions& options) {
  LSTMCellOptions cell;
  cell.units = options.units;
  copy_weights_options(options, cell);
  cell.recurrent_activation = options.recurrent_activation;
  cell.unit_forget_bias = options.unit_forget_bias;
  cell.name = "lstm_cell";
  cell.dtype = options.dtype;
  cell.trainable = options.trainable;
  return LSTMCell(std::move(cell));
}

}  // namespace

LSTM::LSTM(const LSTMOptions& options)
    : RecurrentOf(cell_of(options),
                  {options.return_sequences, options.return_state, options.go_backwards, options.stateful,
                   options.unroll, options.zero_output_for_mask},
                  options.activity_regularizer, options.name, options.dtype, options.trainable) {
  input_rank_ = 3;
}

Config LSTM::own_config() const {
  const LSTMCellOptions& options = dynamic_cast<const LSTMCell&>(*cell_.layer()).options();
  Config config = Config::object({{"units", options.units},
                                  {"activation", options.activation},
                                  {"recurrent_activation", options.recurrent_activation},
                                  {"use_bias", options.use_bias}});
  write_initializers(options, config);
  config["unit_forget_bias"] = options.unit_forget_bias;
  write_regularizers(options, config);
  config["activity_regularizer"] = Config(activity_);
  write_constraints(options, config);
  config["seed"] = Config(options.seed);
  return config;
}

LSTM LSTM::from_config(const Config& config) {
  LSTMOptions options;
  read_base(config, options);
  config.read("units", options.units);
  config.read("recurrent_activation", options.recurrent_activation);
  config.read("unit_forget_bias", options.unit_forget_bias);
  read_weights(config, options);
  config.read("activity_regularizer", options.activity_regularizer);
  config.read("return_sequences", options.return_sequences);
  config.read("return_state", options.return_state);
  config.read("go_backwards", options.go_backwards);
  config.read("stateful", options.stateful);
  config.read("unroll", options.unroll);
  config.read("zero_output_for_mask", options.zero_output_for_mask);
  return LSTM(options);
}

}  // namespace hornbeam::layers
