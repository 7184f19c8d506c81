#include <hornbeam/layers/gru.h>

#include "frontend/src/layers/cell_support.h"

namespace hornbeam::layers {
namespace {

const Register<GRU> registered{"GRU", "keras.layers"};

GRUCell cell_of(const GRUOptions& options) {
  GRUCellOptions cell;
  cell.units = options.units;
  copy_weights_options(options, cell);
  cell.recurrent_activation = options.recurrent_activation;
  cell.reset_after = options.reset_after;
  cell.name = "gru_cell";
  cell.dtype = options.dtype;
  cell.trainable = options.trainable;
  return GRUCell(std::move(cell));
}

}  // namespace

GRU::GRU(const GRUOptions& options)
    : RecurrentOf(cell_of(options),
                  {options.return_sequences, options.return_state, options.go_backwards, options.stateful,
                   options.unroll, options.zero_output_for_mask},
                  options.activity_regularizer, options.name, options.dtype, options.trainable) {
  input_rank_ = 3;
}

Config GRU::own_config() const {
  const GRUCellOptions& options = dynamic_cast<const GRUCell&>(*cell_.layer()).options();
  Config config = Config::object({{"units", options.units},
                                  {"activation", options.activation},
                                  {"recurrent_activation", options.recurrent_activation},
                                  {"use_bias", options.use_bias}});
  write_initializers(options, config);
  write_regularizers(options, config);
  config["activity_regularizer"] = Config(activity_);
  write_constraints(options, config);
  config["reset_after"] = options.reset_after;
  config["seed"] = Config(options.seed);
  return config;
}

GRU GRU::from_config(const Config& config) {
  GRUOptions options;
  read_base(config, options);
  config.read("units", options.units);
  config.read("recurrent_activation", options.recurrent_activation);
  config.read("reset_after", options.reset_after);
  read_weights(config, options);
  config.read("activity_regularizer", options.activity_regularizer);
  config.read("return_sequences", options.return_sequences);
  config.read("return_state", options.return_state);
  config.read("go_backwards", options.go_backwards);
  config.read("stateful", options.stateful);
  config.read("unroll", options.unroll);
  config.read("zero_output_for_mask", options.zero_output_for_mask);
  return GRU(options);
}

}  // namespace hornbeam::layers
