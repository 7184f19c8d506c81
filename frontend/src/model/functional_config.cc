// A functional model as Keras' config: its layers, who was called on what, and back.
#include <map>

#include <hornbeam/model.h>

#include "frontend/src/graph.h"
#include "frontend/src/model/call_record.h"
#include "frontend/src/model/graph_rebuild.h"
#include "frontend/src/model/model_state.h"

namespace hornbeam {
namespace {

template <class F>
Config structured(const Tensors& tree, F f) {
  if (tree.is_single()) return f(tree.single());
  Config out = tree.is_map() ? Config::object() : Config::array();
  for (size_t i = 0; i < tree.size(); ++i) {
    if (tree.is_map())
      out[tree.keys()[i]] = f(tree[i]);
    else
      out.push_back(f(tree[i]));
  }
  return out;
}

// Weights files count the layers in the config's order.
void order_layers(std::vector<LayerPtr>& layers, const std::vector<std::string>& names) {
  std::map<std::string, LayerPtr> left;
  for (const LayerPtr& layer : layers) left[layer->name()] = layer;
  std::vector<LayerPtr> ordered;
  for (const std::string& name : names)
    if (auto layer = left.extract(name)) ordered.push_back(layer.mapped());
  for (const LayerPtr& layer : layers)
    if (left.count(layer->name())) ordered.push_back(layer);
  layers = std::move(ordered);
}

}  // namespace

static const Register<Model> registered{"Functional", "keras.src.models.functional", {"Model"}};

Config Model::config() const {
  if (!model_state()->graph) return base_config();
  const graph::Graph& graph = *model_state()->graph;
  Places places(graph);
  Config layers = Config::array();
  for (const LayerPtr& layer : graph.layers) {
    Config entry, calls = Config::array();
    for (const auto& node : graph.nodes) {
      if (node->layer != layer) continue;
      if (entry.is_null()) entry = graph::is_op(*layer) ? serialize_operation(*node) : serialize_entry(*layer);
      if (!node->inputs.empty()) calls.push_back(places.call(*node));
    }
    entry["name"] = layer->name();
    entry["inbound_nodes"] = calls;
    layers.push_back(entry);
  }
  auto place = [&](const Tensor& tensor) { return places.of_end(tensor); };
  return Config::object({{"name", name()},
                         {"trainable", trainable()},
                         {"layers", layers},
                         {"input_layers", structured(graph.inputs, place)},
                         {"output_layers", structured(graph.outputs, place)}});
}

Model Model::from_config(const Config& config) {
  RebuiltGraph rebuilt = rebuild_graph(config);
  std::optional<std::string> name;
  config.read("name", name);
  Model model(rebuilt.inputs, rebuilt.outputs, name);
  order_layers(model.model_state()->graph->layers, rebuilt.layer_names);
  if (const Config* trainable = config.find("trainable"); trainable && trainable->is_bool() && !trainable->as_bool())
    model.set_trainable(false);
  return model;
}

}  // namespace hornbeam
