#include <hornbeam/layer.h>

#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

#include <hornbeam/model.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/settings.h>

#include "frontend/src/activation_remat.h"
#include "frontend/src/eager.h"
#include "frontend/src/graph.h"
#include "frontend/src/host_layer.h"
#include "frontend/src/layer_state.h"
#include "frontend/src/mask.h"
#include "frontend/src/model/host_split.h"
#include "frontend/src/trace/source.h"
#include "frontend/src/trace/trace.h"

namespace hornbeam {
namespace {

std::mutex names_mutex;
std::unordered_map<std::string, int> name_counts;

// The training flag of the layer that is being called, which inner calls take on.
thread_local std::optional<bool> context_training;

struct TrainingScope {
  explicit TrainingScope(bool training) : previous(context_training) { context_training = training; }
  ~TrainingScope() { context_training = previous; }
  std::optional<bool> previous;
};

struct AutocastScope {
  AutocastScope(trace::Trace& trace, DType dtype) : trace(trace), previous(trace.autocast) {
    trace.autocast = is_float(dtype) ? std::optional<DType>(dtype) : std::nullopt;
  }
  ~AutocastScope() { trace.autocast = previous; }
  trace::Trace& trace;
  std::optional<DType> previous;
};

Shapes shapes_of(const Tensors& tensors) {
  return tensors.map([](const Tensor& tensor) { return tensor.shape(); });
}

void add_once(const std::vector<Variable>& from, std::vector<Variable>& to, std::unordered_set<VariableImpl*>& seen) {
  for (const Variable& variable : from)
    if (seen.insert(variable.impl()).second) to.push_back(variable);
}

void collect_variables(const LayerState& state, bool seeds, std::vector<Variable>& out,
                       std::unordered_set<VariableImpl*>& seen) {
  add_once(state.variables, out, seen);
  if (seeds) {
    for (const auto& seed : state.seeds) add_once({seed.state()}, out, seen);
    add_once(state.hidden, out, seen);
  }
  for (const auto& sub : state.sublayers) collect_variables(*sub.layer->state(), seeds, out, seen);
}

std::vector<Variable> variables_of(const LayerState& state, bool seeds) {
  std::vector<Variable> out;
  std::unordered_set<VariableImpl*> seen;
  collect_variables(state, seeds, out, seen);
  return out;
}

bool is_large(const Tensors& outputs, int64_t threshold) {
  return std::any_of(outputs.begin(), outputs.end(),
                     [&](const Tensor& output) { return output.shape().num_elements() > threshold; });
}

// A layer's call as the RematScope wants it in which the layer was made.
Tensors call_rematerialized(const Layer& layer, const RematOptions& options, const std::function<Tensors()>& call) {
  if (options.mode == "activations") {
    ActivationsRematScope scope;
    return call();
  }
  bool covers = options.mode == "full";
  if (options.mode == "list_of_layers")
    covers = std::find(options.layer_names.begin(), options.layer_names.end(), layer.name()) != options.layer_names.end();
  if (options.mode == "larger_than") {
    trace::Trace probe(nullptr);
    probe.autocast = trace::Trace::current()->autocast;
    trace::Trace::Scope scope(probe);
    covers = is_large(call(), options.output_size_threshold);
  }
  if (!covers) return call();
  Tensors structure;
  std::vector<Tensor> results = trace::Trace::current()->remat([&] {
    structure = call();
    return structure.flat();
  });
  return Tensors::with_structure(structure, std::move(results));
}

bool has_strings(const Tensors& inputs) {
  return std::any_of(inputs.begin(), inputs.end(), [](const Tensor& x) { return x.dtype() == DType::string; });
}

[[noreturn]] void refuse_strings(const Layer& layer) {
  throw TypeError("Layer '" + layer.name() + "' (" + layer.class_name() +
                  ") cannot take strings. Turn them into numbers first, by TextVectorization, StringLookup or Hashing.");
}

// Strings are no data of a program: a layer that works on them runs here, and so does that part of a model. Nothing if the
// call is one for the compiler.
std::optional<Tensors> call_without_program(const Layer& layer, const Tensors& inputs, const CallArgs& args) {
  bool strings = has_strings(inputs);
  if (const auto* model = dynamic_cast<const Model*>(&layer)) {
    if (strings) layer.ensure_built(shapes_of(inputs));
    if (const HostSplit* split = host_split_of(*model)) return call_split(*model, *split, inputs, args);
  }
  if (strings) refuse_strings(layer);
  return {};
}

// The path of the layer whose name scope was opened last.
std::string path_here() {
  std::string path = NameScope::prefix();
  path.pop_back();
  return path;
}

// A weight that the machine cannot hold is refused before it is filled.
void check_memory(const Layer& layer, const std::string& weight, const Shape& shape, DType dtype) {
  auto bytes = static_cast<int64_t>(size_of(dtype));
  bool too_large = false;
  for (int64_t dim : shape) too_large |= dim > 0 && __builtin_mul_overflow(bytes, dim, &bytes);
  int64_t memory = sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
  if (too_large || bytes > memory)
    throw ValueError("[" + layer.class_name() + "] The weight '" + weight + "' of layer '" + layer.name() +
                     "' does not fit in the memory of "
                     "this machine (" +
                     std::to_string(memory >> 20) + " MiB). Received: shape=" + shape.to_string() +
                     ", dtype=" + std::string(name_of(dtype)));
}

}  // namespace

std::string automatic_name(const std::string& class_name) {
  std::string base = registry::snake_case(class_name);
  std::lock_guard lock(names_mutex);
  int count = name_counts[base]++;
  return count == 0 ? base : base + "_" + std::to_string(count);
}

void clear_session() {
  std::lock_guard lock(names_mutex);
  name_counts.clear();
  DTypePolicy::reset_default();
  config::enable_interactive_logging();
  forget_programs();
}

Layer::Layer(const std::type_info& type, const std::optional<std::string>& name, const DTypePolicy& dtype,
             bool trainable)
    : state_(std::make_shared<LayerState>()) {
  state_->class_name = registry::class_name(type);
  if (name && name->find('/') != std::string::npos)
    throw ValueError("Argument `name` must be a string without the character `/`. Received: name=" + *name);
  state_->name = name ? *name : automatic_name(state_->class_name);
  state_->dtype = dtype;
  state_->own_dtype = dtype;
  state_->trainable = trainable;
  state_->remat = RematScope::current();
}

Layer::~Layer() = default;

const std::string& Layer::name() const { return state_->name; }
std::string Layer::class_name() const { return state_->class_name; }
bool Layer::built() const { return state_->built; }
bool Layer::trainable() const { return state_->trainable; }
const DTypePolicy& Layer::dtype_policy() const { return state_->dtype; }
const std::string& Layer::path() const { return state_->path; }
DType Layer::compute_dtype() const { return state_->own_dtype.compute_dtype(); }
DType Layer::variable_dtype() const { return state_->own_dtype.variable_dtype(); }
const std::vector<Variable>& Layer::own_variables() const { return state_->variables; }
const std::vector<random::SeedGenerator>& Layer::seed_generators() const { return state_->seeds; }
const std::vector<Layer::SubLayer>& Layer::sublayers() const { return state_->sublayers; }
const Shapes& Layer::build_shapes() const { return state_->build_shapes; }

void Layer::set_trainable(bool trainable) {
  state_->trainable = trainable;
  for (size_t i = 0; i < state_->num_trainable; ++i) state_->variables[i].set_trainable(trainable);
  for (const SubLayer& sub : state_->sublayers) sub.layer->set_trainable(trainable);
}

std::vector<Variable> Layer::variables() const { return variables_of(*state_, true); }
std::vector<Variable> Layer::weights() const { return variables_of(*state_, false); }

std::vector<Variable> Layer::trainable_weights() const {
  std::vector<Variable> out;
  if (!trainable()) return out;
  for (const Variable& variable : weights())
    if (variable.trainable()) out.push_back(variable);
  return out;
}

std::vector<Variable> Layer::non_trainable_weights() const {
  std::vector<Variable> out;
  for (const Variable& variable : weights())
    if (!trainable() || !variable.trainable()) out.push_back(variable);
  return out;
}

int64_t Layer::count_params() const {
  if (!built())
    throw ValueError("You tried to call `count_params` on layer '" + name() +
                     "', but the layer isn't built. Call it on data, or build it with an Input, first.");
  int64_t count = 0;
  for (const Variable& variable : weights()) count += variable.shape().num_elements();
  return count;
}

std::vector<Array> Layer::get_weights() const {
  std::vector<Array> values;
  for (const Variable& variable : weights()) values.push_back(variable.value());
  return values;
}

void Layer::set_weights(const std::vector<Array>& values) {
  std::vector<Variable> targets = weights();
  if (targets.size() != values.size())
    throw ValueError("You called `set_weights(weights)` on layer '" + name() + "' with a weight list of length " +
                     std::to_string(values.size()) + ", but the layer was expecting " + std::to_string(targets.size()) +
                     " weights.");
  for (size_t i = 0; i < values.size(); ++i)
    if (targets[i].shape() != values[i].shape())
      throw ValueError("Layer '" + name() + "' weight shape " + targets[i].shape().to_string() + " of '" +
                       targets[i].path() + "' is not compatible with provided weight shape " +
                       values[i].shape().to_string());
  for (size_t i = 0; i < values.size(); ++i) targets[i].assign(values[i]);
}

std::shared_ptr<Layer> Layer::shared() const {
  std::shared_ptr<LayerState> owner = state_->shared_from_this();
  if (!owner->self) {
    std::shared_ptr<Layer> copy = clone();
    // The state owns the copy; the copy's pointer back is not counted.
    copy->state_ = std::shared_ptr<LayerState>(std::shared_ptr<void>(), owner.get());
    owner->self = std::move(copy);
  }
  return std::shared_ptr<Layer>(owner, owner->self.get());
}

void Layer::ensure_built(const Shapes& inputs) const {
  if (state_->built) return;
  NameScope scope(name());
  shared()->check_tensors(inputs);
  build_now(inputs);
}

// Called inside the layer's own name scope.
void Layer::build_now(const Shapes& inputs) const {
  if (state_->built) return;
  state_->path = path_here();
  state_->own_dtype = state_->dtype.at_path(state_->path);
  shared()->build_tensors(inputs);
  state_->build_shapes = inputs;
  state_->built = true;
}

Tensors Layer::invoke(const Tensors& inputs, const CallArgs& given) const {
  bool symbolic = false, traced = trace::Trace::current() != nullptr;
  for (const Tensor& input : inputs) {
    if (!input.valid())
      throw ValueError("Layer '" + name() + "' was called on no tensor. Pass it a tensor as its input.");
    symbolic |= input.is_symbolic();
  }
  symbolic |= given.mask && given.mask.is_symbolic();
  for (const auto& [name, tensors] : given.tensors)
    for (const Tensor& tensor : tensors) symbolic |= tensor.valid() && tensor.is_symbolic();
  std::shared_ptr<Layer> self = shared();
  CallArgs args = given;
  if (!args.training) args.training = context_training.value_or(false);

  if (!symbolic && runs_now(dynamic_cast<const layers::HostLayer*>(self.get()), inputs)) {
    NameScope scope(name());
    Shapes shapes = shapes_of(inputs);
    self->check_tensors(shapes);
    build_now(shapes);
    return self->call_tensors(inputs, args);
  }
  if (!symbolic && !traced)
    if (std::optional<Tensors> outputs = call_without_program(*self, inputs, args)) return *outputs;
  if (traced) {
    TrainingScope training(*args.training);
    NameScope scope(name());
    trace::SourceScope source(name());
    // A layer inside a model that computes by path learns its own with the first call.
    DType compute = built() ? compute_dtype() : dtype_policy().at_path(path_here()).compute_dtype();
    AutocastScope autocast(*trace::Trace::current(), compute);
    Tensors cast = inputs;
    if (autocasts())
      cast = inputs.map([&](const Tensor& x) {
        return is_float(x.dtype()) && x.dtype() != compute ? with_mask(ops::cast(x, compute), mask_of(x)) : x;
      });
    if (!args.mask && inputs.is_single()) args.mask = mask_of(inputs.single());
    Shapes shapes = shapes_of(cast);
    self->check_tensors(shapes);
    build_now(shapes);
    auto call = [&] { return self->call_tensors(cast, args); };
    Tensors outputs = state_->remat ? call_rematerialized(*this, *state_->remat, call) : call();
    if (Regularizer regularizer = activity_regularizer()) {
      for (const Tensor& output : outputs) {
        int64_t batch = output.rank() > 0 ? output.shape()[0] : 1;
        add_loss(regularizer->call(output) / static_cast<double>(batch));
      }
    }
    return outputs;
  }
  if (symbolic) {
    if (has_strings(inputs) && !dynamic_cast<const layers::HostLayer*>(self.get()) && !dynamic_cast<const Model*>(self.get()))
      refuse_strings(*self);
    Shapes shapes = shapes_of(inputs);
    self->check_tensors(shapes);
    ensure_built(shapes);
    // The symbolic ones among the other arguments (a mask, initial states) are inputs of the call, too.
    std::vector<trace::Spec> specs;
    auto add_spec = [&](const Tensor& tensor) { specs.push_back({tensor.dtype(), tensor.shape()}); };
    for (const Tensor& input : inputs) add_spec(input);
    auto is_symbolic = [](const Tensor& tensor) { return tensor.valid() && tensor.is_symbolic(); };
    if (is_symbolic(args.mask)) add_spec(args.mask);
    for (const auto& [name, tensors] : args.tensors)
      for (const Tensor& tensor : tensors)
        if (is_symbolic(tensor)) add_spec(tensor);
    Tensors structure;
    std::vector<trace::Spec> outputs = trace::infer(specs, [&](const std::vector<Tensor>& xs) {
      size_t next = inputs.size();
      auto placeholder = [&](const Tensor& tensor) { return is_symbolic(tensor) ? xs[next++] : tensor; };
      CallArgs inner = args;
      inner.mask = placeholder(args.mask);
      for (auto& [name, tensors] : inner.tensors) tensors = tensors.map(placeholder);
      structure = self->invoke(
          Tensors::with_structure(inputs, {xs.begin(), xs.begin() + static_cast<int64_t>(inputs.size())}), inner);
      return structure.flat();
    });
    return graph::record(self, inputs, given, outputs, structure);
  }
  Tensors structure;
  std::vector<Tensor> outputs = run_eagerly(
      inputs.flat(),
      [&](const std::vector<Tensor>& xs) {
        structure = self->invoke(Tensors::with_structure(inputs, xs), args);
        return structure.flat();
      },
      self.get());
  return Tensors::with_structure(structure, outputs);
}

Shapes Layer::compute_output_shape(const Shapes& inputs) const {
  std::vector<trace::Spec> specs;
  const auto* host = dynamic_cast<const layers::HostLayer*>(this);
  for (const Shape& shape : inputs) specs.push_back({host ? host->input_dtype() : compute_dtype(), shape});
  check_tensors(inputs);
  ensure_built(inputs);
  Tensors structure;
  std::vector<trace::Spec> outputs = trace::infer(specs, [&](const std::vector<Tensor>& xs) {
    structure = invoke(Tensors::with_structure(inputs, xs));
    return structure.flat();
  });
  std::vector<Shape> shapes;
  for (const trace::Spec& output : outputs) shapes.push_back(output.shape);
  return Shapes::with_structure(structure, shapes);
}

Variable Layer::add_weight(const WeightOptions& options) {
  check_memory(*this, options.name, options.shape, options.dtype.value_or(variable_dtype()));
  if (options.shape.is_static() == false)
    throw ValueError("[" + class_name() + "] Cannot make the weight '" + options.name + "' of layer '" + name() +
                     "': its shape must be fully defined. Received: shape=" + options.shape.to_string());
  Variable variable({.name = options.name,
                     .shape = options.shape,
                     .dtype = options.dtype.value_or(variable_dtype()),
                     .initializer = options.initializer,
                     .trainable = options.trainable && trainable(),
                     .regularizer = options.regularizer,
                     .constraint = options.constraint});
  if (options.trainable)
    state_->variables.insert(state_->variables.begin() + state_->num_trainable++, variable);
  else
    state_->variables.push_back(variable);
  return variable;
}

random::SeedGenerator Layer::track(random::SeedGenerator seed) {
  state_->seeds.push_back(seed);
  return seed;
}

void Layer::track_layer(const Layer& layer, std::string attribute) {
  if (layer.state_.get() == state_.get()) throw ValueError("Layer '" + name() + "' cannot be part of itself.");
  state_->sublayers.push_back({std::move(attribute), layer.shared()});
}

void Layer::track_metric(std::shared_ptr<metrics::Metric> metric) { state_->metrics.push_back(std::move(metric)); }

std::vector<std::shared_ptr<metrics::Metric>> Layer::metrics() const {
  std::vector<std::shared_ptr<metrics::Metric>> all = state_->metrics;
  for (const SubLayer& sub : state_->sublayers)
    for (const auto& metric : sub.layer->metrics())
      if (std::find(all.begin(), all.end(), metric) == all.end()) all.push_back(metric);
  return all;
}

void Layer::add_loss(const Tensor& loss) const {
  if (trace::Trace* trace = trace::Trace::current()) trace->losses.push_back(ops::cast(loss, DType::float32));
}

Config Layer::base_config() const {
  return Config::object({{"name", name()}, {"trainable", trainable()}, {"dtype", dtype_policy()}});
}

Config Layer::config() const { return base_config(); }

Config Layer::serialize() const {
  std::shared_ptr<Layer> self = shared();
  const Layer& object = *self;
  Config serialized = registry::serialize(typeid(object), object.config());
  if (dynamic_cast<const Model*>(&object) && class_name() == "Functional") {
    serialized["build_config"] = Config::object({{"input_shape", nullptr}});  // its Inputs say their shapes
  } else if (std::vector<std::string> names = argument_names(); built() && !names.empty()) {
    Config shapes = Config::object();
    for (size_t i = 0; i < build_shapes().size(); ++i) shapes[names.at(i) + "_shape"] = Config(build_shapes()[i]);
    serialized["build_config"] = Config::object({{"shapes_dict", shapes}});
  } else if (built() && !build_shapes().empty()) {
    Config shapes;
    if (build_shapes().is_single()) {
      shapes = Config(build_shapes().single());
    } else if (build_shapes().is_map()) {
      shapes = Config::object();
      for (size_t i = 0; i < build_shapes().size(); ++i) shapes[build_shapes().keys()[i]] = Config(build_shapes()[i]);
    } else {
      shapes = Config(build_shapes().flat());
    }
    serialized["build_config"] = Config::object({{"input_shape", shapes}});
  }
  return serialized;
}

LayerPtr layer_from_config(const Config& config) {
  return std::static_pointer_cast<Layer>(registry::create(Kind::layer, config))->shared();
}

}  // namespace hornbeam
