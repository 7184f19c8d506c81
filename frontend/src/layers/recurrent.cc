#include <hornbeam/layers/recurrent.h>

#include <hornbeam/ops.h>

#include "frontend/src/layer_state.h"
#include "frontend/src/layers/checks.h"
#include "frontend/src/mask.h"
#include "frontend/src/trace/trace.h"

namespace hornbeam::layers {
namespace {

Tensor swap_batch_and_time(const Tensor& x) { return ops::swapaxes(x, 0, 1); }

Tensor step_of(const Tensor& xs, int64_t at) {
  return ops::reshape(ops::slice_axis(xs, 0, at, at + 1),
                      Shape(std::vector<int64_t>(xs.shape().begin() + 1, xs.shape().end())));
}

// `now` where the mask [batch] is true, else `before`.
Tensor choose(const Tensor& mask, const Tensor& now, const Tensor& before) {
  Tensor wide = mask;
  for (int64_t i = 1; i < now.rank(); ++i) wide = ops::expand_dims(wide, -1);
  return ops::where(wide, now, before);
}

// One pass over a sequence: what a step takes, gives and hands on.
class Pass {
 public:
  Pass(const RNNCell::Run& run, const RecurrentOptions& options, int64_t output_state, bool masked)
      : run_(run),
        output_state_(output_state),
        masked_(masked),
        zeros_(options.zero_output_for_mask && !options.unroll) {}  // unrolled, Keras does not mind that option

  // Whether the output of a step is one of its new states.
  bool output_is_state() const { return output_state_ >= 0 && !(masked_ && zeros_); }

  // → output, new states…. `previous`: the output that a masked step gives.
  std::vector<Tensor> step(const Tensor& x, const Tensor& mask, const std::vector<Tensor>& states,
                           const Tensor& previous) const {
    std::vector<Tensor> results = run_.step(x, states);
    if (results.size() != states.size() + 1)
      throw ValueError("An RNN cell must return its output and " + std::to_string(states.size()) +
                       " states. Received: " + std::to_string(results.size()) + " tensors");
    const Tensor output = results[0];
    for (size_t i = 0; i < states.size(); ++i) {
      Tensor& state = results[i + 1];
      if (state.shape() != states[i].shape())
        throw ValueError("An RNN cell's state must keep its shape. Received: state " + std::to_string(i) +
                         " of shape " + state.shape().to_string() + ", before " + states[i].shape().to_string());
      if (state.dtype() != states[i].dtype()) state = ops::cast(state, states[i].dtype());
      if (mask) state = choose(mask, state, states[i]);
    }
    if (output_is_state() && results[output_state_ + 1].dtype() == output.dtype())
      results[0] = results[output_state_ + 1];
    else if (mask)
      results[0] = choose(mask, output, zeros_ || !previous ? ops::zeros_like(output) : previous);
    return results;
  }

 private:
  const RNNCell::Run& run_;
  int64_t output_state_;
  bool masked_;
  bool zeros_;  // outputs of masked steps are 0
};

struct Results {
  Tensor last;     // the output of the last step
  Tensor outputs;  // of all steps [time, batch, …], in the order in which they were made
  std::vector<Tensor> states;
};

// The loop. With a mask, outputs before the first step that counts are the state that outputs equal (or the first one)
// where `from_state`, else 0.
Results run_loop(const Pass& pass, const Tensor& xs, const Tensor& mask, const std::vector<Tensor>& initial,
                 const RecurrentOptions& options, size_t previous_state, bool from_state, const Shape& output_shape) {
  const size_t n = initial.size();
  std::vector<Tensor> carried = initial, scanned{xs};
  if (mask) scanned.push_back(mask);
  // A cell whose outputs are no states hands the last one on beside them.
  const bool hands_on = !options.return_sequences && !pass.output_is_state();
  const bool first_is_output = from_state && initial[previous_state].shape() == output_shape;
  const bool remembers = mask && !first_is_output && !options.zero_output_for_mask;
  if (hands_on || remembers) carried.push_back(ops::zeros(output_shape, initial[0].dtype()));
  std::vector<Tensor> results = trace::Trace::current()->scan(
      carried, scanned, xs.shape()[0], options.go_backwards, [&](const std::vector<Tensor>& arguments) {
        std::vector<Tensor> states(arguments.begin(), arguments.begin() + static_cast<int64_t>(n));
        const Tensor& x = arguments[carried.size()];
        Tensor m = mask ? arguments[carried.size() + 1] : Tensor();
        std::vector<Tensor> stepped = pass.step(x, m, states, remembers ? arguments[n] : states[previous_state]);
        std::vector<Tensor> out(stepped.begin() + 1, stepped.end());
        if (carried.size() > n) out.push_back(ops::cast(stepped[0], carried[n].dtype()));
        if (options.return_sequences) out.push_back(stepped[0]);
        return out;
      });
  Results out;
  out.states.assign(results.begin(), results.begin() + static_cast<int64_t>(n));
  if (options.return_sequences) {
    out.outputs = options.go_backwards ? ops::flip(results.back(), 0) : results.back();
  } else {
    out.last = hands_on ? results[n] : out.states[previous_state];
  }
  return out;
}

// One copy of the ops a step. Before the first step that counts outputs are 0.
Results run_unrolled(const Pass& pass, const Tensor& xs, const Tensor& mask, const std::vector<Tensor>& initial,
                     const RecurrentOptions& options) {
  Results out;
  out.states = initial;
  std::vector<Tensor> outputs;
  const int64_t steps = xs.shape()[0];
  for (int64_t i = 0; i < steps; ++i) {
    int64_t at = options.go_backwards ? steps - 1 - i : i;
    Tensor previous = outputs.empty() ? Tensor() : outputs.back();
    std::vector<Tensor> stepped = pass.step(step_of(xs, at), mask ? step_of(mask, at) : Tensor(), out.states, previous);
    outputs.push_back(stepped[0]);
    out.states.assign(stepped.begin() + 1, stepped.end());
  }
  out.last = outputs.back();
  if (options.return_sequences) out.outputs = ops::stack(outputs, 0);
  return out;
}

}  // namespace

Recurrent::Recurrent(CellHandle cell, const RecurrentOptions& options) : cell_(std::move(cell)), recurrent_(options) {
  if (!cell_.valid()) throw ValueError("[RNN] A cell must be given. Received: cell=none");
  if (recurrent_.stateful) states_.resize(cell_->state_size().size());
}

void Recurrent::check_sequence(const Layer& layer, const Shapes& inputs) const {
  if (inputs.empty()) throw ValueError(incompatible(layer) + "expected a sequence. Received: nothing");
  input_rank_ ? check_rank(layer, inputs[0], input_rank_) : check_min_rank(layer, inputs[0], 3);
  if (recurrent_.unroll && inputs[0][1] < 0)
    throw ValueError("[" + layer.class_name() +
                     "] Cannot unroll a RNN if the time dimension is undefined. Give the length of the sequence in the "
                     "Input of the model. Received: input of shape " +
                     inputs[0].to_string());
  if (!recurrent_.stateful) return;
  if (inputs[0][0] < 0 && !layer.built())
    throw ValueError(
        "When using `stateful=True` in a RNN, the batch size must be static. Found dynamic batch size: "
        "sequence.shape=" +
        inputs[0].to_string());
  if (layer.built() && !states_.empty() && states_[0] && inputs[0][0] >= 0 && states_[0].shape()[0] != inputs[0][0])
    throw ValueError(
        "If an RNN is stateful, the batch size of the input sequences must be the same as the batch size of the "
        "initial "
        "state. \n- Expected batch size: " +
        std::to_string(states_[0].shape()[0]) + "\n- Received batch size: " + std::to_string(inputs[0][0]));
}

void Recurrent::build_states(const Layer& layer, const Shape& step) {
  std::vector<Shape> shapes = cell_->state_shapes(step);
  for (size_t i = 0; i < states_.size(); ++i) {
    std::vector<int64_t> dims{step[0]};
    dims.insert(dims.end(), shapes[i].begin(), shapes[i].end());
    states_[i] = Variable(VariableOptions{
        .name = "rnn_state", .shape = Shape(dims), .dtype = layer.variable_dtype(), .trainable = false});
    layer.state()->hidden.push_back(states_[i]);
  }
}

void Recurrent::reset_state() const {
  for (const Variable& state : states_)
    if (state) state.assign(Array(state.dtype(), state.shape()));
}

Tensors Recurrent::run(const Tensors& inputs, const CallArgs& args, DType compute_dtype) const {
  const Tensor& x = inputs[0];
  std::vector<int64_t> step_dims{x.shape()[0]};
  step_dims.insert(step_dims.end(), x.shape().begin() + 2, x.shape().end());
  const Shape step_shape(step_dims);
  std::vector<Shape> shapes = cell_->state_shapes(step_shape);
  auto with_batch = [&](const Shape& shape) {
    std::vector<int64_t> dims{x.shape()[0]};
    dims.insert(dims.end(), shape.begin(), shape.end());
    return Shape(dims);
  };

  std::vector<Tensor> initial(inputs.begin() + 1, inputs.end());
  if (auto at = args.tensors.find("initial_state"); at != args.tensors.end() && !at->second.empty())
    initial = at->second.flat();
  if (initial.empty() && recurrent_.stateful) initial.assign(states_.begin(), states_.end());
  if (initial.empty())
    for (const Shape& shape : shapes) initial.push_back(ops::zeros(with_batch(shape), compute_dtype));
  if (initial.size() != shapes.size())
    throw ValueError("The initial state must have " + std::to_string(shapes.size()) +
                     " tensors, one for each state of the cell. Received: " + std::to_string(initial.size()));
  for (size_t i = 0; i < initial.size(); ++i) {
    initial[i] = ops::cast(initial[i], compute_dtype);
    if (initial[i].shape() != with_batch(shapes[i]))
      throw ValueError("Initial state " + std::to_string(i) + " of layer '" + dynamic_cast<const Layer&>(*this).name() +
                       "' must have the shape " + with_batch(shapes[i]).to_string() + ". Received: shape " +
                       initial[i].shape().to_string());
  }

  Tensor mask;
  if (args.mask) {
    mask = ops::cast(args.mask, DType::boolean);
    for (int64_t axis = mask.rank(); axis > 2; --axis) mask = ops::any(mask, -1);
    mask = swap_batch_and_time(mask);
  }
  CallArgs cell_args{.training = args.training};
  RNNCell::Run run = cell_->begin(step_shape, cell_args);
  Tensor xs = run.project(swap_batch_and_time(x));
  // Before the first step that counts Keras' backends give the initial state or zeros; zeros where loops are unrolled,
  // and where states are images.
  const bool from_state = !(mask && (recurrent_.unroll || shapes[0].rank() > 1));
  Pass pass(run, recurrent_, from_state ? cell_->output_state() : -1, mask.valid());
  const size_t previous = cell_->output_state() >= 0 ? static_cast<size_t>(cell_->output_state()) : 0;
  Results results = recurrent_.unroll ? run_unrolled(pass, xs, mask, initial, recurrent_)
                                      : run_loop(pass, xs, mask, initial, recurrent_, previous, from_state,
                                                 with_batch(cell_->output_shape(step_shape)));
  for (size_t i = 0; i < states_.size(); ++i) states_[i].assign(results.states[i]);

  Tensor output =
      recurrent_.return_sequences ? with_mask(swap_batch_and_time(results.outputs), args.mask) : results.last;
  if (!recurrent_.return_state) return output;
  std::vector<Tensor> all{output};
  all.insert(all.end(), results.states.begin(), results.states.end());
  return Tensors(all);
}

Config Recurrent::recurrent_config() const {
  return Config::object({{"return_sequences", recurrent_.return_sequences},
                         {"return_state", recurrent_.return_state},
                         {"go_backwards", recurrent_.go_backwards},
                         {"stateful", recurrent_.stateful},
                         {"unroll", recurrent_.unroll},
                         {"zero_output_for_mask", recurrent_.zero_output_for_mask}});
}

}  // namespace hornbeam::layers
