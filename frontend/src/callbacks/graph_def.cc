// Walks the layer graph; what a layer inside a model reads is followed through the model's inputs.
#include "frontend/src/callbacks/graph_def.h"

#include <map>
#include <set>

#include <hornbeam/input.h>

#include "frontend/src/callbacks/wire.h"
#include "frontend/src/model/model_state.h"

namespace hornbeam::callbacks {
namespace {

using wire::put;

class Writer {
 public:
  // Writes the nodes of a graph whose inputs these nodes make; returns the nodes that make its outputs.
  std::vector<std::string> write(const graph::Graph& graph, const std::string& prefix,
                                 const std::vector<std::string>& inputs) {
    // What the tensors of this graph are made by: several nodes' outputs where a call is of a model.
    std::map<const graph::Node*, std::vector<std::string>> makers;
    if (!inputs.empty())
      for (size_t i = 0; i < graph.inputs.size() && i < inputs.size(); ++i)
        makers[graph.inputs[i].impl()->node.get()] = {inputs[i]};
    for (const auto& node : graph.nodes) {
      if (makers.contains(node.get())) continue;
      std::vector<std::string> from;
      for (const Tensor& input : node->inputs) from.push_back(maker(makers, input));
      const auto* model = dynamic_cast<const Model*>(node->layer.get());
      const std::string name = unique(prefix + node->layer->name());
      if (model && model->model_state()->graph)
        makers[node.get()] = write(*model->model_state()->graph, name + "/", from);
      else
        makers[node.get()] = {add(name, *node, from)};
    }
    std::vector<std::string> outputs;
    for (const Tensor& output : graph.outputs) outputs.push_back(maker(makers, output));
    return outputs;
  }

  std::string finish() {
    std::string versions;
    put(versions, 1, uint64_t{1});
    put(bytes_, 4, versions);
    return std::move(bytes_);
  }

 private:
  static std::string maker(const std::map<const graph::Node*, std::vector<std::string>>& makers, const Tensor& tensor) {
    if (!tensor.is_symbolic()) return "";
    auto at = makers.find(tensor.impl()->node.get());
    if (at == makers.end() || at->second.empty()) return "";
    auto output = static_cast<size_t>(tensor.impl()->index);
    return at->second[output < at->second.size() ? output : 0];
  }

  // A layer that is called again is another node.
  std::string unique(const std::string& name) {
    std::string candidate = name;
    for (int i = 1; !names_.insert(candidate).second; ++i) candidate = name + "_" + std::to_string(i);
    return candidate;
  }

  static std::string shape_message(const Shape& shape) {
    std::string message;
    for (int64_t i = 0; i < shape.rank(); ++i) {
      std::string dim;
      put(dim, 1, static_cast<uint64_t>(shape[i] < 0 ? -1 : shape[i]));
      put(message, 2, dim);
    }
    return message;
  }

  std::string add(const std::string& name, const graph::Node& node, const std::vector<std::string>& from) {
    std::vector<Shape> shapes;
    if (const auto* input = dynamic_cast<const layers::InputLayer*>(node.layer.get()))
      shapes.push_back(input->batch_shape());
    else if (!graph::is_op(*node.layer))
      for (const Shape& shape :
           node.layer->compute_output_shape(node.inputs.map([](const Tensor& x) { return x.shape(); })))
        shapes.push_back(shape);
    std::string list, attribute, entry, message;
    for (const Shape& shape : shapes) put(list, 7, shape_message(shape));
    put(attribute, 1, list);
    put(entry, 1, std::string("_output_shapes"));
    put(entry, 2, attribute);
    put(message, 1, name);
    put(message, 2, node.layer->class_name());
    for (const std::string& input : from)
      if (!input.empty()) put(message, 3, input);
    put(message, 5, entry);
    put(bytes_, 1, message);
    return name;
  }

  std::set<std::string> names_;
  std::string bytes_;
};

}  // namespace

std::string graph_def(const Model& model) {
  const std::optional<graph::Graph>& graph = model.model_state()->graph;
  if (!graph) return "";
  Writer writer;
  writer.write(*graph, "", {});
  return writer.finish();
}

}  // namespace hornbeam::callbacks
