// From the nodes of the layer graph to boxes: one a layer, however often it is called.
#include "frontend/src/plot/layer_graph.h"

#include <algorithm>
#include <unordered_map>

#include <hornbeam/base/error.h>
#include <hornbeam/input.h>

#include "frontend/src/model/model_state.h"

namespace hornbeam::plot {
namespace {

std::string text_of(const std::vector<Shape>& shapes) {
  std::string text;
  for (const Shape& shape : shapes) text += (text.empty() ? "" : ", ") + shape.to_string();
  return shapes.size() == 1 ? text : "[" + text + "]";
}

}  // namespace

LayerGraph layer_graph(const Model& model, const PlotOptions& options) {
  if (options.rankdir != "TB" && options.rankdir != "LR")
    throw ValueError("plot: rankdir must be \"TB\" or \"LR\". Received: rankdir=\"" + options.rankdir + "\"");
  const std::optional<graph::Graph>& graph = model.model_state()->graph;
  if (!graph)
    throw ValueError("The model '" + model.name() +
                     "' has no layer graph to plot. Begin a Sequential model with an "
                     "Input; a subclassed model has none.");
  LayerGraph result;
  std::unordered_map<const Layer*, size_t> numbers;
  for (const auto& node : graph->nodes) {
    const Layer& layer = *node->layer;
    std::vector<Shape> inputs;
    for (const Tensor& input : node->inputs)
      if (input.is_symbolic()) inputs.push_back(input.shape());
    const auto [at, is_new] = numbers.emplace(&layer, result.boxes.size());
    if (is_new) {
      LayerGraph::Box box;
      box.lines.push_back(options.show_layer_names ? layer.name() + " (" + layer.class_name() + ")"
                                                   : layer.class_name());
      if (options.show_shapes) {
        std::vector<Shape> outputs;
        if (const auto* input = dynamic_cast<const layers::InputLayer*>(&layer))
          outputs.push_back(input->batch_shape());
        else
          for (const Shape& shape :
               layer.compute_output_shape(node->inputs.map([](const Tensor& x) { return x.shape(); })))
            outputs.push_back(shape);
        box.lines.push_back((inputs.empty() ? "" : text_of(inputs) + " → ") + text_of(outputs));
      }
      result.boxes.push_back(std::move(box));
    }
    for (const Tensor& input : node->inputs) {
      if (!input.is_symbolic()) continue;
      const auto from = numbers.find(input.impl()->node->layer.get());
      if (from == numbers.end()) continue;
      const std::pair<size_t, size_t> arrow{from->second, at->second};
      if (std::find(result.arrows.begin(), result.arrows.end(), arrow) == result.arrows.end())
        result.arrows.push_back(arrow);
    }
  }
  return result;
}

}  // namespace hornbeam::plot
