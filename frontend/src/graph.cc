#include "frontend/src/graph.h"

#include <algorithm>
#include <atomic>
#include <unordered_map>
#include <unordered_set>

#include <hornbeam/input.h>

#include "frontend/src/layer_state.h"

namespace hornbeam::graph {
namespace {

// An op of the layer graph: a layer without weights.
class OpLayer : public LayerOf<OpLayer> {
 public:
  OpLayer(const std::string& keras_name, Config arguments, ops::Body body)
      : LayerOf(automatic_name(keras_name)), arguments_(std::move(arguments)), body_(std::move(body)) {
    LayerAccess::set_class_name(*this, keras_name);
  }
  Tensors call(const Tensors& inputs, const CallArgs&) override { return body_(inputs.flat()); }
  Config config() const override { return Config::object({{"name", name()}, {"arguments", arguments_}}); }

 protected:
  bool autocasts() const override { return false; }

 private:
  Config arguments_;
  ops::Body body_;
};

std::atomic<int64_t> tensor_count{0}, node_count{0};

std::string tensor_name() {
  int64_t count = tensor_count++;
  return count == 0 ? "keras_tensor" : "keras_tensor_" + std::to_string(count);
}

std::vector<Tensor> tensor_inputs(const Node& node) {
  std::vector<Tensor> all = node.inputs.flat();
  if (node.args.mask) all.push_back(node.args.mask);
  for (const auto& [name, tensors] : node.args.tensors) all.insert(all.end(), tensors.begin(), tensors.end());
  std::erase_if(all, [](const Tensor& tensor) { return !tensor.valid() || !tensor.is_symbolic(); });
  return all;
}

struct Walk {
  std::unordered_set<const TensorImpl*> inputs;
  std::unordered_set<Node*> finished, running;
  std::vector<std::shared_ptr<Node>> order;  // inner nodes first
  std::unordered_map<Layer*, size_t> layer_index;

  void visit(const Tensor& tensor) {
    const std::shared_ptr<Node>& node = tensor.impl()->node;
    if (finished.contains(node.get())) return;
    layer_index.emplace(node->layer.get(), layer_index.size());
    bool stops = inputs.contains(tensor.impl().get());
    if (node->inputs.empty() && !stops)
      throw ValueError("`inputs` not connected to `outputs`: the Input '" + node->layer->name() + "' of shape " +
                       tensor.shape().to_string() + " is needed, but is not among the model's inputs.");
    if (!stops)
      for (const Tensor& input : tensor_inputs(*node)) visit(input);
    finished.insert(node.get());
    order.push_back(node);
  }
};

}  // namespace

Tensors record(LayerPtr layer, Tensors inputs, CallArgs args, const std::vector<trace::Spec>& outputs,
               const Tensors& structure) {
  auto node = std::make_shared<Node>(Node{std::move(layer), std::move(inputs), std::move(args), ++node_count});
  std::vector<Tensor> tensors;
  for (size_t i = 0; i < outputs.size(); ++i)
    tensors.push_back(symbolic_tensor(outputs[i].dtype, outputs[i].shape, node, i, tensor_name()));
  return Tensors::with_structure(structure, std::move(tensors));
}

std::vector<Tensor> record_op(const char* keras_name, const std::vector<Tensor>& inputs, const Config& arguments,
                              const ops::Body& body) {
  std::vector<trace::Spec> specs;
  for (const Tensor& input : inputs)
    if (input.is_symbolic()) specs.push_back({input.dtype(), input.shape()});
  std::vector<trace::Spec> outputs = trace::infer(specs, [&](const std::vector<Tensor>& placeholders) {
    std::vector<Tensor> all = inputs;
    size_t next = 0;
    for (Tensor& x : all)
      if (x.is_symbolic()) x = placeholders[next++];
    return body(all);
  });
  return record(OpLayer(keras_name, arguments, body).shared(), Tensors(inputs), {}, outputs, Tensors(inputs)).flat();
}

namespace {

// What a function recorded, as a graph whose inputs are the tensors from before that it used.
Graph recorded_by(const std::function<Tensors()>& function) {
  const int64_t before = node_count;
  Graph graph;
  graph.outputs = function();
  std::vector<Tensor> used;
  std::unordered_set<const TensorImpl*> seen_tensors;
  std::unordered_set<const Node*> seen;
  std::unordered_set<const Layer*> layers;
  std::function<void(const Tensor&)> visit = [&](const Tensor& tensor) {
    if (!tensor.valid() || !tensor.is_symbolic()) return;
    const std::shared_ptr<Node>& node = tensor.impl()->node;
    if (node->number <= before) {
      if (seen_tensors.insert(tensor.impl().get()).second) used.push_back(tensor);
      return;
    }
    if (!seen.insert(node.get()).second) return;
    for (const Tensor& input : tensor_inputs(*node)) visit(input);
    graph.nodes.push_back(node);
    if (layers.insert(node->layer.get()).second) graph.layers.push_back(node->layer);
  };
  for (const Tensor& output : graph.outputs) visit(output);
  graph.inputs = Tensors(std::move(used));
  return graph;
}

}  // namespace

Tensors record_cond(const Tensor& pred, const std::function<Tensors()>& true_fn, const std::function<Tensors()>& false_fn) {
  auto branches = std::make_shared<std::vector<Graph>>();
  for (const auto* function : {&true_fn, &false_fn}) branches->push_back(recorded_by(*function));
  const size_t of_true = (*branches)[0].inputs.size();
  std::vector<Tensor> inputs{pred};
  for (const Graph& branch : *branches) inputs.insert(inputs.end(), branch.inputs.begin(), branch.inputs.end());
  ops::Body body = [branches, of_true](const std::vector<Tensor>& xs) {
    auto run = [&](size_t branch, size_t first, size_t last) {
      std::vector<Tensor> given(xs.begin() + static_cast<std::ptrdiff_t>(first),
                                xs.begin() + static_cast<std::ptrdiff_t>(last));
      return replay((*branches)[branch], Tensors(std::move(given))).flat();
    };
    return trace::Trace::current()->cond(
        xs[0], [&] { return run(0, 1, 1 + of_true); }, [&] { return run(1, 1 + of_true, xs.size()); });
  };
  OpLayer op("Cond", Config::object(), body);
  for (const Graph& branch : *branches)
    for (const LayerPtr& layer : branch.layers)
      if (!is_op(*layer) || !layer->sublayers().empty()) LayerAccess::track(op, *layer);
  std::vector<trace::Spec> specs;
  for (const Tensor& input : inputs) specs.push_back({input.dtype(), input.shape()});
  std::vector<trace::Spec> outputs = trace::infer(specs, body);
  return record(op.shared(), Tensors(inputs), {}, outputs, (*branches)[0].outputs);
}

bool is_op(const Layer& layer) { return dynamic_cast<const OpLayer*>(&layer) != nullptr; }

Graph collect(Tensors inputs, Tensors outputs) {
  Walk walk;
  for (const Tensor& input : inputs) {
    if (!input.valid() || !input.is_symbolic())
      throw ValueError(
          "All `inputs` of a model must be symbolic tensors made by Input. Received: a tensor that is not");
    if (!walk.inputs.insert(input.impl().get()).second)
      throw ValueError("The model's inputs must be different tensors. '" + input.name() + "' stands twice.");
  }
  for (const Tensor& output : outputs) {
    if (!output.valid() || !output.is_symbolic())
      throw ValueError(
          "All `outputs` of a model must be symbolic tensors that come from its inputs. Received: a tensor that is "
          "not");
    walk.visit(output);
  }
  for (const Tensor& input : inputs) walk.visit(input);  // inputs that no output needs

  // Keras' order: by depth (distance from the outputs), then by when the walk met the layer.
  std::unordered_map<Node*, int64_t> node_depth;
  std::unordered_map<Layer*, int64_t> layer_depth;
  for (auto at = walk.order.rbegin(); at != walk.order.rend(); ++at) {
    Node* node = at->get();
    int64_t& of_layer = layer_depth[node->layer.get()];
    int64_t depth = of_layer = node_depth[node] = std::max(node_depth[node], of_layer);
    for (const Tensor& input : tensor_inputs(*node)) {
      int64_t& inner = node_depth[input.impl()->node.get()];
      inner = std::max(inner, depth + 1);
    }
  }
  Graph graph{std::move(inputs), std::move(outputs), walk.order, {}};
  std::unordered_map<Node*, size_t> walked;
  for (size_t i = 0; i < walk.order.size(); ++i) walked[walk.order[i].get()] = i;
  std::sort(graph.nodes.begin(), graph.nodes.end(), [&](const auto& a, const auto& b) {
    int64_t depth_a = node_depth[a.get()], depth_b = node_depth[b.get()];
    return depth_a != depth_b ? depth_a > depth_b : walked[a.get()] < walked[b.get()];
  });
  std::unordered_set<Layer*> seen;
  for (const auto& node : graph.nodes)
    if (seen.insert(node->layer.get()).second) graph.layers.push_back(node->layer);
  std::sort(graph.layers.begin(), graph.layers.end(), [&](const LayerPtr& a, const LayerPtr& b) {
    int64_t depth_a = layer_depth[a.get()], depth_b = layer_depth[b.get()];
    return depth_a != depth_b ? depth_a > depth_b : walk.layer_index[a.get()] < walk.layer_index[b.get()];
  });
  std::unordered_set<std::string> names;
  for (const LayerPtr& layer : graph.layers)
    if (!names.insert(layer->name()).second)
      throw ValueError("The name '" + layer->name() +
                       "' is used for two layers in the model. All layer names should be unique.");
  return graph;
}

Tensors replay(const Graph& graph, const Tensors& inputs, const Call& call) {
  if (inputs.size() != graph.inputs.size())
    throw ValueError("The model expects " + std::to_string(graph.inputs.size()) +
                     " inputs. Received: " + std::to_string(inputs.size()));
  // By node and result number; inputs by tensor.
  std::unordered_map<const TensorImpl*, Tensor> known;
  std::unordered_map<Node*, std::vector<Tensor>> results;
  for (size_t i = 0; i < inputs.size(); ++i) known[graph.inputs[i].impl().get()] = inputs[i];
  auto value = [&](const Tensor& tensor) -> Tensor {
    if (!tensor.valid() || !tensor.is_symbolic()) return tensor;
    auto at = known.find(tensor.impl().get());
    return at != known.end() ? at->second : results.at(tensor.impl()->node.get()).at(tensor.impl()->index);
  };
  std::unordered_set<Node*> done;
  for (const Tensor& input : graph.inputs) done.insert(input.impl()->node.get());
  for (const auto& node : graph.nodes) {
    // A node whose one result is a model input is not run; its inputs may be outside the model.
    if (done.contains(node.get())) continue;
    CallArgs args = node->args;
    args.mask = value(args.mask);
    for (auto& [name, tensors] : args.tensors) tensors = tensors.map(value);
    Tensors given = node->inputs.map(value);
    results[node.get()] = (call ? call(node->layer, given, args) : node->layer->invoke(given, args)).flat();
  }
  return graph.outputs.map(value);
}

}  // namespace hornbeam::graph
