#include <hornbeam/layers/gru_cell.h>

#include "frontend/src/layers/activation_part.h"
#include "frontend/src/layers/cell_support.h"

namespace hornbeam::layers {

static const Register<GRUCell> registered{"GRUCell", "keras.layers"};

GRUCell::GRUCell(GRUCellOptions options)
    : RNNCellOf(options.name, options.dtype, options.trainable),
      options_(std::move(options)),
      seed_(track(random::SeedGenerator(options_.seed))) {
  track_activation(*this, options_.activation);
  track_activation(*this, options_.recurrent_activation, "recurrent_activation");
  check_units("GRUCell", options_.units);
  options_.dropout = std::clamp(options_.dropout, 0.0, 1.0);
  options_.recurrent_dropout = std::clamp(options_.recurrent_dropout, 0.0, 1.0);
}

std::vector<int64_t> GRUCell::state_size() const { return {options_.units}; }

void GRUCell::check_input(const Shapes& inputs) const { check_cell_input(*this, inputs, kernel_); }

void GRUCell::build(const Shapes& inputs) {
  check_known_axis(*this, inputs[0], -1);
  int64_t units = options_.units;
  kernel_ = add_weight({.name = "kernel",
                        .shape = {inputs[0][-1], 3 * units},
                        .initializer = options_.kernel_initializer,
                        .regularizer = options_.kernel_regularizer,
                        .constraint = options_.kernel_constraint});
  recurrent_kernel_ = add_weight({.name = "recurrent_kernel",
                                  .shape = {units, 3 * units},
                                  .initializer = options_.recurrent_initializer,
                                  .regularizer = options_.recurrent_regularizer,
                                  .constraint = options_.recurrent_constraint});
  if (options_.use_bias)
    bias_ = add_weight({.name = "bias",
                        .shape = options_.reset_after ? Shape{2, 3 * units} : Shape{3 * units},
                        .initializer = options_.bias_initializer,
                        .regularizer = options_.bias_regularizer,
                        .constraint = options_.bias_constraint});
}

RNNCell::Run GRUCell::begin(const Shape& input, const CallArgs& args) {
  int64_t units = options_.units;
  bool reset_after = options_.reset_after;
  // With dropout of the states every gate has masks of its own.
  const size_t count = options_.recurrent_dropout > 0 ? 3 : 1;
  auto masks = [&](const Shape& shape, double rate) {
    return dropout_masks(count, shape, compute_dtype(), rate, seed_, args.is_training());
  };
  std::vector<Tensor> kept = masks(input, options_.dropout);
  std::vector<Tensor> kept_states = masks({input[0], units}, options_.recurrent_dropout);
  Variable kernel = kernel_, recurrent_kernel = recurrent_kernel_, bias = bias_;
  Activation activation = options_.activation, gate = options_.recurrent_activation;
  auto bias_row = [=](int64_t row) { return ops::reshape(ops::slice_axis(bias, 0, row, row + 1), {3 * units}); };
  Run run;
  run.project = [=](const Tensor& x) {
    Tensor y = masked_product(x, kernel, kept);
    if (!bias) return y;
    return y + (reset_after ? bias_row(0) : Tensor(bias));
  };
  run.step = [=](const Tensor& x, const std::vector<Tensor>& states) {
    const Tensor& h = states[0];
    std::vector<Tensor> masks = kept_states;
    if (!reset_after && !masks.empty()) masks.pop_back();
    Tensor used = reset_after ? Tensor(recurrent_kernel) : columns(recurrent_kernel, 0, 2 * units);
    Tensor inner = masked_product(h, used, masks);
    if (reset_after && bias) inner = inner + bias_row(1);
    Tensor z = gate(columns(x, 0, units) + columns(inner, 0, units));
    Tensor r = gate(columns(x, units, 2 * units) + columns(inner, units, 2 * units));
    Tensor from_state = reset_after ? r * columns(inner, 2 * units, 3 * units)
                                    : ops::matmul(r * (kept_states.empty() ? h : h * kept_states[2]),
                                                  columns(recurrent_kernel, 2 * units, 3 * units));
    Tensor candidate = activation(columns(x, 2 * units, 3 * units) + from_state);
    Tensor output = z * h + (1 - z) * candidate;
    return std::vector<Tensor>{output, output};
  };
  return run;
}

Tensors GRUCell::call(const Tensors& inputs, const CallArgs& args) { return call_once(*this, inputs, args); }

Config GRUCell::config() const {
  Config config = base_config();
  config.merge(Config::object({{"units", options_.units},
                               {"activation", options_.activation},
                               {"recurrent_activation", options_.recurrent_activation},
                               {"use_bias", options_.use_bias}}));
  write_initializers(options_, config);
  write_regularizers(options_, config);
  write_constraints(options_, config);
  config["reset_after"] = options_.reset_after;
  config["seed"] = Config(options_.seed);
  return config;
}

GRUCell GRUCell::from_config(const Config& config) {
  GRUCellOptions options;
  read_base(config, options);
  config.read("units", options.units);
  config.read("recurrent_activation", options.recurrent_activation);
  config.read("reset_after", options.reset_after);
  read_weights(config, options);
  return GRUCell(std::move(options));
}

}  // namespace hornbeam::layers
