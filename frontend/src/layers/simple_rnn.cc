#include <hornbeam/layers/simple_rnn.h>

#include "frontend/src/layers/cell_support.h"

namespace hornbeam::layers {
namespace {

const Register<SimpleRNN> registered{"SimpleRNN", "keras.layers"};

SimpleRNNCell cell_of(const SimpleRNNOptions& options) {
  SimpleRNNCellOptions cell;
  cell.units = options.units;
  copy_weights_options(options, cell);
  cell.name = "simple_rnn_cell";
  cell.dtype = options.dtype;
  cell.trainable = options.trainable;
  return SimpleRNNCell(std::move(cell));
}

}  // namespace

SimpleRNN::SimpleRNN(const SimpleRNNOptions& options)
    : RecurrentOf(cell_of(options),
                  {options.return_sequences, options.return_state, options.go_backwards, options.stateful,
                   options.unroll, options.zero_output_for_mask},
                  options.activity_regularizer, options.name, options.dtype, options.trainable) {
  input_rank_ = 3;
}

Config SimpleRNN::own_config() const {
  const SimpleRNNCellOptions& options = dynamic_cast<const SimpleRNNCell&>(*cell_.layer()).options();
  Config config =
      Config::object({{"units", options.units}, {"activation", options.activation}, {"use_bias", options.use_bias}});
  write_initializers(options, config);
  write_regularizers(options, config);
  config["activity_regularizer"] = Config(activity_);
  write_constraints(options, config);
  return config;
}

SimpleRNN SimpleRNN::from_config(const Config& config) {
  SimpleRNNOptions options;
  read_base(config, options);
  config.read("units", options.units);
  read_weights(config, options);
  config.read("activity_regularizer", options.activity_regularizer);
  config.read("return_sequences", options.return_sequences);
  config.read("return_state", options.return_state);
  config.read("go_backwards", options.go_backwards);
  config.read("stateful", options.stateful);
  config.read("unroll", options.unroll);
  config.read("zero_output_for_mask", options.zero_output_for_mask);
  return SimpleRNN(options);
}

}  // namespace hornbeam::layers
