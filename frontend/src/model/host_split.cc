#include "frontend/src/model/host_split.h"

#include <algorithm>
#include <map>
#include <set>

#include <hornbeam/input.h>

#include "frontend/src/eager.h"
#include "frontend/src/host_layer.h"
#include "frontend/src/model/model_state.h"

namespace hornbeam {
namespace {

using graph::Node;
using layers::HostLayer;
using Place = std::pair<const Node*, size_t>;  // a tensor of the graph

thread_local const void* active_core = nullptr;

const HostLayer* host_layer(const Node& node) { return dynamic_cast<const HostLayer*>(node.layer.get()); }
bool is_input(const Node& node) { return node.inputs.empty(); }

Place place_of(const Tensor& tensor) { return {tensor.impl()->node.get(), tensor.impl()->index}; }

// All symbolic tensors that a call takes.
std::vector<Tensor> taken_by(const Node& node) {
  std::vector<Tensor> all = node.inputs.flat();
  if (node.args.mask) all.push_back(node.args.mask);
  for (const auto& [name, tensors] : node.args.tensors) all.insert(all.end(), tensors.begin(), tensors.end());
  std::erase_if(all, [](const Tensor& tensor) { return !tensor.valid() || !tensor.is_symbolic(); });
  return all;
}

bool takes_strings(const Node& node) {
  std::vector<Tensor> taken = taken_by(node);
  return std::any_of(taken.begin(), taken.end(), [](const Tensor& x) { return x.dtype() == DType::string; });
}

// A model inside the model that has host layers itself, so that the cut goes through it.
const Model* inner_model(const Node& node) {
  const auto* model = dynamic_cast<const Model*>(node.layer.get());
  return model && host_split_of(*model) ? model : nullptr;
}

// Strings under another shape, which no layer of Keras' needs to be asked for.
class StringReshape : public UnaryLayerOf<StringReshape>, public HostLayer {
 public:
  explicit StringReshape(Shape shape) : shape_(std::move(shape)) {}
  Tensor call(const Tensor& x, const CallArgs&) override { return call_on_host(*this, name(), x); }
  runtime::HostOp host_op(bool) const override { return runtime::ReshapeOp{shape_}; }
  Type host_type(const std::vector<Type>& inputs) const override {
    Shape shape = shape_;
    shape[0] = inputs.at(0).shape[0];
    return {DType::string, shape};
  }

 protected:
  bool autocasts() const override { return false; }

 private:
  Shape shape_;
};

// The graph with such models written out: the same layers, called one by one.
graph::Graph flattened(const graph::Graph& graph) {
  if (std::none_of(graph.nodes.begin(), graph.nodes.end(), [](const auto& node) { return inner_model(*node); }))
    return graph;
  std::map<Place, Tensor> values;
  auto value = [&](const Tensor& tensor) {
    if (!tensor.valid() || !tensor.is_symbolic()) return tensor;
    auto at = values.find(place_of(tensor));
    return at == values.end() ? tensor : at->second;
  };
  for (const auto& node : graph.nodes) {
    if (is_input(*node)) continue;
    std::vector<Tensor> taken = taken_by(*node);
    const Model* model = inner_model(*node);
    if (!model && std::none_of(taken.begin(), taken.end(), [&](const Tensor& x) { return values.contains(place_of(x)); }))
      continue;
    CallArgs args = node->args;
    args.mask = value(args.mask);
    for (auto& [name, tensors] : args.tensors) tensors = tensors.map(value);
    Tensors inputs = node->inputs.map(value);
    // Called on symbolic tensors, a model's layers are recorded one by one.
    Tensors results = model ? std::dynamic_pointer_cast<Model>(node->layer)->call(inputs, args)
                            : node->layer->invoke(inputs, args);
    for (size_t i = 0; i < results.size(); ++i) values[{node.get(), i}] = results[i];
  }
  return flattened(graph::collect(graph.inputs, graph.outputs.map(value)));
}

// The numbers of a part's values.
class Numbers {
 public:
  explicit Numbers(HostSplit::Part& part) : part_(part) {}
  void add_input(const Tensor& tensor, const std::string& name) {
    numbers_[place_of(tensor)] = static_cast<int32_t>(part_.inputs.size());
    part_.inputs.push_back({name, tensor.dtype(), tensor.shape()});
  }
  void add_step(const Node& node) {
    HostSplit::Part::Step step{node.layer, {}};
    for (const Tensor& input : node.inputs) step.inputs.push_back(number(input));
    numbers_[{&node, 0}] = static_cast<int32_t>(part_.inputs.size() + part_.steps.size());
    part_.steps.push_back(std::move(step));
  }
  bool contains(const Tensor& tensor) const { return numbers_.contains(place_of(tensor)); }
  int32_t number(const Tensor& tensor) const { return numbers_.at(place_of(tensor)); }
  void add_output(const Tensor& tensor) { part_.outputs.push_back(number(tensor)); }

 private:
  HostSplit::Part& part_;
  std::map<Place, int32_t> numbers_;
};

class Splitter {
 public:
  explicit Splitter(graph::Graph graph) : graph_(std::move(graph)), first_(split_.prologue), last_(split_.epilogue) {}

  std::shared_ptr<const HostSplit> run() {
    split_.structure = graph_.outputs;
    for (const Tensor& input : graph_.inputs) first_.add_input(input, input.name());
    for (const auto& node : graph_.nodes) place(*node);
    for (const auto& node : graph_.nodes) check(*node);
    // What the core takes: the prologue's values that it, the epilogue, or the model's outputs use.
    for (const auto& node : graph_.nodes)
      if (in_core(*node) || late_.contains(node.get()))
        for (const Tensor& tensor : taken_by(*node)) take(tensor);
    for (const Tensor& output : graph_.outputs)
      if (!late_.contains(output.impl()->node.get())) take(output);
    // Outputs of the prologue alone need no program.
    if (std::all_of(graph_.outputs.begin(), graph_.outputs.end(), [&](const Tensor& x) { return first_.contains(x); })) {
      split_.prologue.outputs.clear();
      for (const Tensor& output : graph_.outputs) first_.add_output(output);
      return std::make_shared<const HostSplit>(std::move(split_));
    }
    for (const Tensor& tensor : core_inputs_) {
      if (tensor.dtype() == DType::string)
        throw ValueError("The model's output of strings from '" + tensor.impl()->node->layer->name() +
                         "' cannot stand beside outputs of its compiled layers.");
      first_.add_output(tensor);
    }
    make_core();
    return std::make_shared<const HostSplit>(std::move(split_));
  }

 private:
  bool in_core(const Node& node) const { return !is_input(node) && !host_layer(node); }

  // Host layers whose inputs all come from the host are early, the others late.
  void place(const Node& node) {
    if (is_input(node) || !host_layer(node)) return;
    std::vector<Tensor> taken = taken_by(node);
    if (std::all_of(taken.begin(), taken.end(), [&](const Tensor& x) { return first_.contains(x); }))
      first_.add_step(node);
    else
      late_.insert(&node);
  }

  void check(const Node& node) const {
    if (!in_core(node)) return;
    for (const Tensor& tensor : taken_by(node)) {
      const Node* maker = tensor.impl()->node.get();
      if (late_.contains(maker))
        throw ValueError("Layer '" + maker->layer->name() + "' (" + maker->layer->class_name() +
                         ") works on strings and stands between compiled layers: it needs what they compute, and '" +
                         node.layer->name() + "' needs its result. Strings come first in a model, or last.");
    }
    if (takes_strings(node))
      throw ValueError("Layer '" + node.layer->name() + "' (" + node.layer->class_name() +
                       ") cannot take strings. Turn them into numbers first, by TextVectorization, StringLookup or Hashing.");
  }

  void take(const Tensor& tensor) {
    if (!first_.contains(tensor)) return;
    for (const Tensor& known : core_inputs_)
      if (place_of(known) == place_of(tensor)) return;
    core_inputs_.push_back(tensor);
  }

  void make_core() {
    std::vector<Tensor> outputs;
    auto give = [&](const Tensor& tensor) {
      if (late_.contains(tensor.impl()->node.get()) || last_.contains(tensor)) return;
      last_.add_input(tensor, "output" + std::to_string(outputs.size()));
      outputs.push_back(tensor);
    };
    if (late_.empty()) {
      split_.core = graph::collect(Tensors(core_inputs_), graph_.outputs);
      return;
    }
    for (const Tensor& output : graph_.outputs) give(output);
    for (const auto& node : graph_.nodes)
      if (late_.contains(node.get()))
        for (const Tensor& tensor : taken_by(*node)) give(tensor);
    for (const auto& node : graph_.nodes)
      if (late_.contains(node.get())) last_.add_step(*node);
    for (const Tensor& output : graph_.outputs) last_.add_output(output);
    split_.core = graph::collect(Tensors(core_inputs_), Tensors(outputs));
  }

  HostSplit split_;
  graph::Graph graph_;
  Numbers first_, last_;
  std::set<const Node*> late_;
  std::vector<Tensor> core_inputs_;
};

}  // namespace

runtime::HostGraph HostSplit::Part::graph() const {
  runtime::HostGraph graph{inputs, {}, outputs};
  for (const Step& step : steps)
    graph.nodes.push_back({dynamic_cast<const HostLayer&>(*step.layer).host_op(true), step.inputs});
  return graph;
}

runtime::HostFunction HostSplit::Part::function() const {
  runtime::HostGraph graph{inputs, {}, outputs};
  std::vector<runtime::HostOperation> operations;
  for (const Step& step : steps) {
    graph.nodes.push_back({runtime::ReshapeOp{}, step.inputs});
    operations.push_back(dynamic_cast<const HostLayer&>(*step.layer).host_operation(true));
  }
  return runtime::HostFunction(std::move(graph), std::move(operations));
}

std::shared_ptr<const HostSplit> split_host(const graph::Graph& graph) {
  bool has = false;
  for (const auto& node : graph.nodes) has |= !is_input(*node) && (host_layer(*node) || inner_model(*node) || takes_strings(*node));
  return has ? Splitter(flattened(graph)).run() : nullptr;
}

const HostSplit* host_split_of(const Model& model) { return model.model_state()->host.get(); }

std::vector<Array> run_prologue(const HostSplit& split, const std::vector<Array>& inputs) {
  return split.prologue.function().run(inputs);
}

Arrays run_epilogue(const HostSplit& split, std::vector<Array> outputs) {
  if (!split.epilogue.steps.empty()) outputs = split.epilogue.function().run(outputs);
  return Arrays::with_structure(split.structure, std::move(outputs));
}

Tensors call_split(const Model& model, const HostSplit& split, const Tensors& inputs, const CallArgs& args) {
  std::vector<Array> arrays;
  for (const Tensor& input : inputs) arrays.push_back(input.array());
  std::vector<Array> values = run_prologue(split, arrays);
  if (split.core) {
    CoreScope scope(model);
    std::vector<Tensor> xs(values.begin(), values.end());
    std::vector<Tensor> outputs = run_eagerly(
        xs, [&](const std::vector<Tensor>& x) { return model.invoke(Tensors(x), args).flat(); }, &model);
    values.clear();
    for (const Tensor& output : outputs) values.push_back(output.array());
  }
  return run_epilogue(split, std::move(values)).map([](const Array& array) { return Tensor(array); });
}

CoreScope::CoreScope(const Model& model) : outer_(active_core) {
  if (host_split_of(model)) active_core = model.model_state().get();
}
CoreScope::~CoreScope() { active_core = outer_; }

const HostSplit* CoreScope::of(const Model& model) {
  return active_core && active_core == model.model_state().get() ? host_split_of(model) : nullptr;
}

Tensor reshaped_strings(const Tensor& x, const Shape& shape) {
  return StringReshape(shape).shared()->invoke(x).single();
}

}  // namespace hornbeam
