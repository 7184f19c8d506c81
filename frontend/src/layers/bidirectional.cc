#include <hornbeam/layers/bidirectional.h>

#include <hornbeam/layers/recurrent.h>
#include <hornbeam/ops.h>

#include "frontend/src/layers/checks.h"
#include "frontend/src/mask.h"

namespace hornbeam::layers {

static const Register<Bidirectional> registered{"Bidirectional", "keras.layers"};

namespace {

const Recurrent& recurrent(const LayerPtr& layer) {
  const auto* found = dynamic_cast<const Recurrent*>(layer.get());
  if (!found)
    throw ValueError("Please initialize `Bidirectional` layer with a recurrent layer. Received: layer=" +
                     layer->class_name());
  return *found;
}

// Outputs of masked steps are zeros where all outputs are asked for.
LayerPtr with_options(const LayerPtr& layer, const std::string& name, bool turn) {
  const RecurrentOptions& options = recurrent(layer).recurrent_options();
  Config config = layer->serialize();
  config.erase("build_config");
  Config own = config.at("config");
  own["name"] = name;
  if (turn) own["go_backwards"] = true;
  own["zero_output_for_mask"] = options.return_sequences;
  config["config"] = own;
  return layer_from_config(config);
}

std::string prefixed(const std::string& prefix, const std::string& name) {
  return name.starts_with(prefix) ? name : prefix + name;
}

}  // namespace

Bidirectional::Bidirectional(BidirectionalOptions options)
    : LayerOf(options.name, options.dtype, options.trainable), merge_mode_(std::move(options.merge_mode)) {
  if (!options.layer)
    throw ValueError("Please initialize `Bidirectional` layer with a `Layer` instance. Received: layer=none");
  if (merge_mode_ && *merge_mode_ != "sum" && *merge_mode_ != "mul" && *merge_mode_ != "ave" &&
      *merge_mode_ != "concat")
    throw ValueError("Invalid merge mode. Received: " + *merge_mode_ +
                     ". Merge mode should be one of {\"sum\", \"mul\", \"ave\", \"concat\", None}");
  const LayerPtr layer = options.layer.layer();
  forward_ = with_options(layer, prefixed("forward_", layer->name()), false);
  if (options.backward_layer) {
    const LayerPtr given = options.backward_layer.layer();
    backward_ = with_options(given, given->name(), false);
  } else {
    backward_ = with_options(layer, prefixed("backward_", layer->name()), true);
  }
  const RecurrentOptions &a = recurrent(forward_).recurrent_options(), &b = recurrent(backward_).recurrent_options();
  auto text = [](bool value) { return std::string(value ? "True" : "False"); };
  if (a.go_backwards == b.go_backwards)
    throw ValueError(
        "Forward layer and backward layer should have different `go_backwards` value. Received: "
        "forward_layer.go_backwards " +
        text(a.go_backwards) + ", backward_layer.go_backwards=" + text(b.go_backwards));
  auto same = [&](const char* name, bool forward, bool backward) {
    if (forward != backward)
      throw ValueError("Forward layer and backward layer are expected to have the same value for attribute \"" +
                       std::string(name) + "\", got \"" + text(forward) + "\" for forward layer and \"" +
                       text(backward) + "\" for backward layer");
  };
  same("stateful", a.stateful, b.stateful);
  same("return_sequences", a.return_sequences, b.return_sequences);
  same("return_state", a.return_state, b.return_state);
  track_layer(*forward_, "forward_layer");
  track_layer(*backward_, "backward_layer");
}

void Bidirectional::check_input(const Shapes& inputs) const {
  if (inputs.empty()) throw ValueError(incompatible(*this) + "expected a sequence. Received: nothing");
  check_min_rank(*this, inputs[0], 3);
}

void Bidirectional::build(const Shapes& inputs) {
  forward_->ensure_built(inputs[0]);
  backward_->ensure_built(inputs[0]);
}

Tensor Bidirectional::merge(const Tensor& forward, const Tensor& backward) const {
  if (*merge_mode_ == "sum") return forward + backward;
  if (*merge_mode_ == "mul") return forward * backward;
  if (*merge_mode_ == "ave") return (forward + backward) / 2;
  return ops::concatenate({forward, backward}, -1);
}

Tensors Bidirectional::call(const Tensors& inputs, const CallArgs& args) {
  const RecurrentOptions& options = recurrent(forward_).recurrent_options();
  std::vector<Tensor> initial(inputs.begin() + 1, inputs.end());
  if (auto at = args.tensors.find("initial_state"); at != args.tensors.end() && !at->second.empty())
    initial = at->second.flat();
  const auto half = static_cast<int64_t>(initial.size() / 2);
  auto run = [&](const LayerPtr& layer, std::vector<Tensor> states) {
    CallArgs own{.training = args.training, .mask = args.mask};
    if (!states.empty()) own.tensors["initial_state"] = Tensors(std::move(states));
    return layer->invoke(inputs[0], own).flat();
  };
  std::vector<Tensor> forward = run(forward_, {initial.begin(), initial.begin() + half});
  std::vector<Tensor> backward = run(backward_, {initial.begin() + half, initial.end()});
  Tensor turned = options.return_sequences ? ops::flip(backward[0], 1) : backward[0];
  auto masked = [&](const Tensor& output) {
    return with_mask(output, options.return_sequences ? args.mask : Tensor());
  };
  std::vector<Tensor> all;
  if (merge_mode_)
    all.push_back(masked(merge(forward[0], turned)));
  else
    all = {masked(forward[0]), masked(turned)};
  if (options.return_state)
    for (const auto* results : {&forward, &backward}) all.insert(all.end(), results->begin() + 1, results->end());
  if (all.size() == 1) return all[0];
  return Tensors(all);
}

void Bidirectional::reset_state() const {
  if (!recurrent(forward_).recurrent_options().stateful)
    throw ValueError("[Bidirectional] Layer must be stateful. Layer '" + name() + "' is not.");
  recurrent(forward_).reset_state();
  recurrent(backward_).reset_state();
}

Config Bidirectional::config() const {
  Config config = base_config();
  config["merge_mode"] = Config(merge_mode_);
  config["layer"] = forward_->serialize();
  config["backward_layer"] = backward_->serialize();
  return config;
}

Bidirectional Bidirectional::from_config(const Config& config) {
  BidirectionalOptions options;
  read_base(config, options);
  config.read("merge_mode", options.merge_mode);
  options.layer = layer_from_config(config.at("layer"));
  if (const Config* backward = config.find("backward_layer"); backward && !backward->is_null())
    options.backward_layer = layer_from_config(*backward);
  return Bidirectional(std::move(options));
}

}  // namespace hornbeam::layers
