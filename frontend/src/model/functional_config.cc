// A functional model as Keras' config: its layers, who was called on what, and back.
#include <map>

#include <hornbeam/input.h>
#include <hornbeam/model.h>

#include "frontend/src/graph.h"
#include "frontend/src/layer_state.h"
#include "frontend/src/model/model_state.h"

namespace hornbeam {
namespace {

using graph::Node;

// [layer, call number, result number] of a symbolic tensor. Calls are numbered per layer among the graph's.
struct Places {
  std::map<const Node*, int64_t> call_number;

  explicit Places(const graph::Graph& graph) {
    std::map<const Layer*, int64_t> calls;
    for (const auto& node : graph.nodes) call_number[node.get()] = calls[node->layer.get()]++;
  }
  Config of(const Tensor& tensor) const {
    const Node* node = tensor.impl()->node.get();
    return Config::array({node->layer->name(), call_number.at(node), static_cast<int64_t>(tensor.impl()->index)});
  }
  Config keras_tensor(const Tensor& tensor) const {
    if (!tensor.is_symbolic())
      throw NotImplementedError(
          "The model uses a constant tensor as a layer's input, which its config cannot hold yet.");
    return Config::object(
        {{"class_name", "__keras_tensor__"},
         {"config",
          Config::object({{"shape", tensor.shape()}, {"dtype", tensor.dtype()}, {"keras_history", of(tensor)}})}});
  }
};

template <class T, class F>
Config structured(const Tree<T>& tree, F f) {
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

Config call_config(const Node& node, const Places& places) {
  auto tensor = [&](const Tensor& x) { return places.keras_tensor(x); };
  Config kwargs = Config::object();
  for (const auto& [name, tensors] : node.args.tensors) kwargs[name] = structured(tensors, tensor);
  if (node.args.mask) kwargs["mask"] = tensor(node.args.mask);
  if (node.args.training) kwargs["training"] = *node.args.training;
  return Config::object({{"args", Config::array({structured(node.inputs, tensor)})}, {"kwargs", kwargs}});
}

// What is being rebuilt: each layer's calls so far.
struct Rebuilt {
  std::map<std::string, LayerPtr> layers;
  std::map<std::string, std::vector<std::vector<Tensor>>> calls;

  const Tensor* find(const Config& history) const {
    auto at = calls.find(history[0].as_string());
    if (at == calls.end()) return nullptr;
    auto call = static_cast<size_t>(history[1].as_int()), result = static_cast<size_t>(history[2].as_int());
    return call < at->second.size() && result < at->second[call].size() ? &at->second[call][result] : nullptr;
  }
};

const Config* history_of(const Config& argument) {
  const Config* class_name = argument.find("class_name");
  if (!class_name || !class_name->is_string() || class_name->as_string() != "__keras_tensor__") return nullptr;
  return argument.at("config").find("keras_history");
}

// The tensors of an argument; nullopt if one is not made yet.
std::optional<Tensors> tensors_of(const Config& argument, const Rebuilt& rebuilt) {
  if (const Config* history = history_of(argument)) {
    const Tensor* tensor = rebuilt.find(*history);
    return tensor ? std::optional<Tensors>(*tensor) : std::nullopt;
  }
  if (argument.is_array()) {
    std::vector<Tensor> tensors;
    for (const Config& element : argument.as_array()) {
      std::optional<Tensors> one = tensors_of(element, rebuilt);
      if (!one) return std::nullopt;
      tensors.push_back(one->single());
    }
    return Tensors(std::move(tensors));
  }
  if (argument.is_object() && !argument.contains("class_name")) {
    Tensors tensors;
    for (const auto& [key, element] : argument.as_object()) {
      std::optional<Tensors> one = tensors_of(element, rebuilt);
      if (!one) return std::nullopt;
      tensors.set(key, one->single());
    }
    return tensors;
  }
  throw NotImplementedError("A call in the model's config has an argument that is no tensor: " + argument.to_json());
}

// Runs one recorded call; false if a tensor of it is not made yet.
bool replay_call(const std::string& layer_name, const Config& call, Rebuilt& rebuilt) {
  const std::vector<Config>& args = call.at("args").as_array();
  if (args.size() != 1)
    throw NotImplementedError("Layer '" + layer_name + "' is called with " + std::to_string(args.size()) +
                              " positional arguments in the model's config; one is supported.");
  std::optional<Tensors> inputs = tensors_of(args[0], rebuilt);
  if (!inputs) return false;
  CallArgs options;
  for (const auto& [name, value] : call.at("kwargs").as_object()) {
    if (value.is_null()) continue;
    if (name == "training") {
      options.training = value.as_bool();
      continue;
    }
    std::optional<Tensors> tensors = tensors_of(value, rebuilt);
    if (!tensors) return false;
    if (name == "mask")
      options.mask = tensors->single();
    else
      options.tensors[name] = *tensors;
  }
  rebuilt.calls[layer_name].push_back(rebuilt.layers.at(layer_name)->invoke(*inputs, options).flat());
  return true;
}

// "input_layers" and "output_layers": one history, a list, or a map.
Tensors model_tensors(const Config& config, const Rebuilt& rebuilt, const char* what) {
  auto tensor = [&](const Config& history) -> Tensor {
    if (const Tensor* found = rebuilt.find(history)) return *found;
    throw ValueError(std::string("The model's config names ") + what + " that no layer makes: " + history.to_json());
  };
  auto is_history = [](const Config& c) { return c.is_array() && c.size() == 3 && c[0].is_string(); };
  if (is_history(config)) return tensor(config);
  if (config.is_object()) {
    Tensors tensors;
    for (const auto& [key, history] : config.as_object()) tensors.set(key, tensor(history));
    return tensors;
  }
  std::vector<Tensor> tensors;
  for (const Config& history : config.as_array()) tensors.push_back(tensor(history));
  return Tensors(std::move(tensors));
}

}  // namespace

static const Register<Model> registered{"Functional", "keras.src.models.functional", {"Model"}};

Config Model::config() const {
  if (!model_state()->graph) return base_config();
  const graph::Graph& graph = *model_state()->graph;
  Places places(graph);
  Config layers = Config::array();
  for (const LayerPtr& layer : graph.layers) {
    if (graph::is_op(*layer))
      throw NotImplementedError("The model '" + name() + "' uses the op '" + layer->class_name() +
                                "' between its layers, which its config cannot hold yet.");
    Config entry = layer->serialize();
    Config calls = Config::array();
    for (const auto& node : graph.nodes)
      if (node->layer == layer && !node->inputs.empty()) calls.push_back(call_config(*node, places));
    entry["name"] = layer->name();
    entry["inbound_nodes"] = calls;
    layers.push_back(entry);
  }
  auto place = [&](const Tensor& tensor) { return places.of(tensor); };
  return Config::object({{"name", name()},
                         {"trainable", trainable()},
                         {"layers", layers},
                         {"input_layers", structured(graph.inputs, place)},
                         {"output_layers", structured(graph.outputs, place)}});
}

Model Model::from_config(const Config& config) {
  Rebuilt rebuilt;
  std::vector<std::pair<std::string, Config>> pending;
  for (const Config& entry : config.at("layers").as_array()) {
    const Config* given = entry.find("name");
    std::string layer_name = given ? given->as_string() : entry.at("config").at("name").as_string();
    LayerPtr layer = layer_from_config(entry);
    rebuilt.layers[layer_name] = layer;
    const auto* input = dynamic_cast<const layers::InputLayer*>(layer.get());
    if (input) {
      auto node = std::make_shared<Node>(Node{layer, {}, {}});
      rebuilt.calls[layer_name] = {{symbolic_tensor(input->dtype(), input->batch_shape(), node, 0, layer->name())}};
      continue;
    }
    for (const Config& call : entry.at("inbound_nodes").as_array()) pending.emplace_back(layer_name, call);
  }
  // A layer's calls stand in their order; a call waits until the tensors that it needs are there.
  while (!pending.empty()) {
    std::vector<std::pair<std::string, Config>> waiting;
    std::map<std::string, bool> blocked;
    for (auto& [layer_name, call] : pending)
      if (blocked[layer_name] || !replay_call(layer_name, call, rebuilt)) {
        blocked[layer_name] = true;
        waiting.emplace_back(layer_name, call);
      }
    if (waiting.size() == pending.size())
      throw ValueError("The model's config has calls whose inputs no layer makes: layer '" + waiting[0].first + "'.");
    pending = std::move(waiting);
  }
  std::optional<std::string> name;
  config.read("name", name);
  Model model(model_tensors(config.at("input_layers"), rebuilt, "an input"),
              model_tensors(config.at("output_layers"), rebuilt, "an output"), name);
  if (const Config* trainable = config.find("trainable"); trainable && trainable->is_bool() && !trainable->as_bool())
    model.set_trainable(false);
  return model;
}

}  // namespace hornbeam
