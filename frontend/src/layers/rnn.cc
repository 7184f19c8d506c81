#include <hornbeam/layers/rnn.h>

namespace hornbeam::layers {

static const Register<RNN> registered{"RNN", "keras.layers"};

RNN::RNN(const RNNOptions& options)
    : RecurrentOf(options.cell,
                  {options.return_sequences, options.return_state, options.go_backwards, options.stateful,
                   options.unroll, options.zero_output_for_mask},
                  {}, options.name, options.dtype, options.trainable) {}

Config RNN::own_config() const { return Config::object({{"cell", cell_.layer()->serialize()}}); }

RNN RNN::from_config(const Config& config) {
  RNNOptions options;
  read_base(config, options);
  options.cell = CellHandle(layer_from_config(config.at("cell")));
  config.read("return_sequences", options.return_sequences);
  config.read("return_state", options.return_state);
  config.read("go_backwards", options.go_backwards);
  config.read("stateful", options.stateful);
  config.read("unroll", options.unroll);
  config.read("zero_output_for_mask", options.zero_output_for_mask);
  return RNN(options);
}

}  // namespace hornbeam::layers
