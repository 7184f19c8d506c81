#include <hornbeam/sequential.h>

#include <algorithm>

#include "frontend/src/host_layer.h"
#include "frontend/src/layer_state.h"
#include "frontend/src/model/graph_rebuild.h"
#include "frontend/src/model/model_state.h"

namespace hornbeam {

static const Register<Sequential> registered{"Sequential", "keras"};

SequentialItem::SequentialItem(const Tensor& input) {
  if (!input.valid() || !input.is_symbolic() || !dynamic_cast<layers::InputLayer*>(input.impl()->node->layer.get()))
    throw ValueError(
        "Only layers and an Input can be added to a Sequential model. Received: a tensor that is no Input");
  layer_ = input.impl()->node->layer;
}

Sequential::Sequential(std::vector<SequentialItem> layers, const std::optional<std::string>& name) : ModelOf(name) {
  for (const SequentialItem& item : layers) append(item);
  refresh();
}

void Sequential::add(const SequentialItem& item) {
  append(item);
  refresh();
}

// The layers are the tracked ones; an Input, if any, is the first.
void Sequential::append(const SequentialItem& item) {
  LayerState& own = *Layer::state();
  const LayerPtr& layer = item.layer();
  bool is_input = dynamic_cast<layers::InputLayer*>(layer.get()) != nullptr;
  if (is_input && !own.sublayers.empty())
    throw ValueError("Sequential model '" + this->name() +
                     "' has already been configured with a first layer; an Input must come first.");
  for (const SubLayer& sub : own.sublayers)
    if (sub.layer->name() == layer->name())
      throw ValueError("All layers added to a Sequential model should have unique names. Name '" + layer->name() +
                       "' is already the name of a layer in this model.");
  own.sublayers.push_back({"", layer});
}

// After the layers changed: with an Input the graph follows at once, without it when data are seen next.
void Sequential::refresh() {
  LayerState& own = *Layer::state();
  model_state()->training.reset();
  model_state()->session.reset();
  const auto* input =
      own.sublayers.empty() ? nullptr : dynamic_cast<const layers::InputLayer*>(own.sublayers[0].layer.get());
  if (input && own.sublayers.size() > 1) {
    NameScope scope(this->name());
    return rebuild(input->batch_shape(), input->dtype());
  }
  model_state()->graph.reset();
  model_state()->host.reset();
  own.built = false;
}

void Sequential::pop() {
  LayerState& own = *Layer::state();
  if (own.sublayers.empty()) throw ValueError("Sequential model '" + this->name() + "' has no layer to pop.");
  own.sublayers.pop_back();
  refresh();
}

void Sequential::rebuild(const std::optional<Shape>& batch_shape, DType dtype) const {
  const std::vector<SubLayer>& stack = sublayers();
  const auto* given = dynamic_cast<const layers::InputLayer*>(stack[0].layer.get());
  Tensor x;
  if (given) {
    // The graph grows from the layer that is there, so that it is Keras' layer 0 for good.
    if (model_state()->graph)
      x = model_state()->graph->inputs[0];
    else
      x = symbolic_tensor(given->dtype(), given->batch_shape(),
                          std::make_shared<graph::Node>(graph::Node{stack[0].layer, {}, {}}), 0, given->name());
  } else {
    Shape shape(std::vector<int64_t>(batch_shape->begin() + 1, batch_shape->end()));
    x = Input({.shape = shape, .dtype = dtype});
  }
  Tensor input = x;
  for (const SubLayer& sub : stack)
    if (!dynamic_cast<layers::InputLayer*>(sub.layer.get())) x = sub.layer->invoke(x).single();
  // Layers that were added before stay as they are; only the graph is new.
  std::vector<SubLayer> kept = stack;
  set_graph(input, x);
  Layer::state()->sublayers = std::move(kept);
}

void Sequential::build(const Shapes& inputs) {
  if (sublayers().empty())
    throw ValueError("Sequential model '" + this->name() +
                     "' cannot be built because it has no layers. Call `model.add(layer)`.");
  Shape shape = inputs.single();
  if (shape.empty())
    throw ValueError("Sequential model '" + this->name() + "' needs inputs with a batch axis. Received: shape ()");
  shape[0] = kUnknown;
  // While a trace is open the layers are built one by one in call; their graph follows with the next symbolic call.
  const auto* host = dynamic_cast<const layers::HostLayer*>(sublayers()[0].layer.get());
  DType dtype = host ? host->input_dtype() : dtype_policy().compute_dtype();
  if (!trace::Trace::current()) rebuild(shape, dtype);
}

Tensors Sequential::call(const Tensors& inputs, const CallArgs& args) {
  if (model_state()->graph) return Model::call(inputs, args);
  Tensors x = inputs;
  for (const SubLayer& sub : sublayers()) x = sub.layer->invoke(x, {.mask = args.mask});
  return x;
}

Config Sequential::config() const {
  Config layers = Config::array();
  // Keras writes the Input of a built model, given or not.
  const auto& graph = model_state()->graph;
  const auto* given =
      sublayers().empty() ? nullptr : dynamic_cast<const layers::InputLayer*>(sublayers()[0].layer.get());
  if (graph && !given) layers.push_back(graph->inputs[0].impl()->node->layer->serialize());
  for (const SubLayer& sub : sublayers()) layers.push_back(serialize_entry(*sub.layer));
  Config config = base_config();
  config["layers"] = layers;
  if (graph) config["build_input_shape"] = graph->inputs[0].shape();
  return config;
}

Sequential Sequential::from_config(const Config& config) {
  std::optional<std::string> name;
  config.read("name", name);
  std::vector<SequentialItem> items;
  for (const Config& layer : config.at("layers").as_array()) items.emplace_back(layer_from_entry(layer));
  Sequential model(std::move(items), name);
  const Config* shape = config.find("build_input_shape");
  if (shape && shape->is_array() && !model.built() && !model.sublayers().empty()) model.ensure_built(shape->as_shape());
  if (const Config* trainable = config.find("trainable"); trainable && trainable->is_bool() && !trainable->as_bool())
    model.set_trainable(false);
  return model;
}

}  // namespace hornbeam
