// Model: its layer graph, its layers, and compile.
#include <hornbeam/model.h>

#include <algorithm>

#include <hornbeam/input.h>
#include <hornbeam/ops.h>
#include <hornbeam/optimizers/loss_scale_optimizer.h>

#include "frontend/src/layer_state.h"
#include "frontend/src/losses/crossentropy.h"
#include "frontend/src/metrics/resolve.h"
#include "frontend/src/model/host_split.h"
#include "frontend/src/model/model_state.h"
#include "frontend/src/trace/pause.h"

namespace hornbeam {
namespace {

// A model's input as its Input wants it: its dtype, and a last axis of 1 added or taken away.
Tensor adjusted(const Tensor& given, const Tensor& input) {
  Tensor x = given;
  const Shape& wanted = input.shape();
  if (x.dtype() == DType::string) return x.rank() == wanted.rank() ? x : reshaped_strings(x, wanted);
  if (x.rank() == wanted.rank() + 1 && x.shape()[-1] == 1)
    x = ops::squeeze(x, -1);
  else if (x.rank() + 1 == wanted.rank() && wanted[-1] == 1)
    x = ops::expand_dims(x, -1);
  return ops::cast(x, input.dtype());
}

bool fits(Shape given, const Shape& wanted) {
  if (given.rank() == wanted.rank() + 1 && given[-1] == 1)
    given = Shape(std::vector<int64_t>(given.begin(), given.end() - 1));
  else if (given.rank() + 1 == wanted.rank() && wanted[-1] == 1)
    given.push_back(1);
  if (given.rank() != wanted.rank()) return false;
  for (int64_t i = 0; i < given.rank(); ++i)
    if (given[i] >= 0 && wanted[i] >= 0 && given[i] != wanted[i]) return false;
  return true;
}

}  // namespace

Model::Model(const std::type_info& type, const std::optional<std::string>& name, const DTypePolicy& dtype,
             bool trainable)
    : Layer(type, name, dtype, trainable), model_state_(std::make_shared<ModelState>()) {}

Model::Model(Tensors inputs, Tensors outputs, const std::optional<std::string>& name)
    : Layer(typeid(Model), name ? *name : automatic_name("Functional"), {}, true),
      model_state_(std::make_shared<ModelState>()) {
  LayerAccess::set_class_name(*this, "Functional");
  set_graph(std::move(inputs), std::move(outputs));
}

void Model::set_graph(Tensors inputs, Tensors outputs) const {
  graph::Graph graph = graph::collect(std::move(inputs), std::move(outputs));
  LayerState& state = *Layer::state();
  // A sequential model tracks its layers as they are added.
  for (const LayerPtr& layer : graph.layers) {
    bool known = std::any_of(state.sublayers.begin(), state.sublayers.end(),
                             [&](const SubLayer& sub) { return sub.layer == layer; });
    if (!known) state.sublayers.push_back({"", layer});
  }
  state.build_shapes = graph.inputs.map([](const Tensor& x) { return x.shape(); });
  state.built = true;
  model_state_->host = split_host(graph);
  model_state_->graph = std::move(graph);
}

void Model::check_tensors(const Shapes& inputs) const {
  if (!model_state_->graph || CoreScope::of(*this)) return;
  const graph::Graph& graph = *model_state_->graph;
  if (inputs.size() != graph.inputs.size())
    throw ValueError("Layer \"" + name() + "\" expects " + std::to_string(graph.inputs.size()) +
                     " input(s), but it received " + std::to_string(inputs.size()) + " input tensors.");
  for (size_t i = 0; i < inputs.size(); ++i)
    if (!fits(inputs[i], graph.inputs[i].shape()))
      throw ValueError("Input " + std::to_string(i) + " of layer \"" + name() +
                       "\" is incompatible with the layer: expected shape=" + graph.inputs[i].shape().to_string() +
                       ", found shape=" + inputs[i].to_string());
}

Tensors Model::call(const Tensors& inputs, const CallArgs&) {
  if (!model_state_->graph)
    throw NoCallError("Model '" + name() + "' does not have a `call()` method implemented. Override it in " +
                     class_name() + ".");
  if (const HostSplit* split = CoreScope::of(*this)) return graph::replay(*split->core, Tensors(inputs.flat()));
  const graph::Graph& graph = *model_state_->graph;
  std::vector<Tensor> xs;
  for (size_t i = 0; i < inputs.size(); ++i) {
    // A map goes by the inputs' names, where they all are among its keys.
    const Tensor* named = inputs.is_map() ? inputs.find(graph.inputs[i].name()) : nullptr;
    xs.push_back(adjusted(named ? *named : inputs[i], graph.inputs[i]));
  }
  return graph::replay(graph, Tensors(std::move(xs)));
}

void Model::compile(CompileOptions options) {
  if (!options.optimizer) throw ValueError("compile: an optimizer is needed. Received: none");
  // Metrics by name are looked up now, so that a wrong one is told here; what "accuracy" is follows from the shapes
  // later.
  for (const MetricSpecs* specs : {&options.metrics, &options.weighted_metrics})
    for (const auto& list : specs->lists())
      for (const MetricSpec& spec : list)
        if (!spec.metric()) metrics::resolve(spec.name(), {}, {});
  using optimizers::LossScaleOptimizer;
  bool scales = options.auto_scale_loss && dtype_policy().name() == "mixed_float16" &&
                !dynamic_cast<const LossScaleOptimizer*>(&*options.optimizer);
  if (scales) options.optimizer = LossScaleOptimizer(options.optimizer);
  model_state_->scales_loss = scales;
  model_state_->options = std::move(options);
  model_state_->training.reset();
  model_state_->session.reset();
  model_state_->train_report = model_state_->test_report = {};
}

bool Model::compiled() const { return model_state_->options.has_value(); }

const CompileOptions& Model::compile_options() const {
  if (!compiled()) throw ValueError("You must call `compile()` before using the model '" + name() + "'.");
  return *model_state_->options;
}

Tensor Model::compute_loss(const Tensors&, const Tensors& y, const Tensors& y_pred,
                           const Tensors& sample_weight) {
  return model_state_->training->total_loss(*this, y.flat(), y_pred.flat(), sample_weight.flat());
}

void Model::compute_metrics(const Tensors&, const Tensors& y, const Tensors& y_pred,
                            const Tensors& sample_weight) {
  model_state_->training->update_metrics(y.flat(), y_pred.flat(), sample_weight.flat());
}

const Optimizer& Model::optimizer() const {
  const Optimizer& optimizer = compile_options().optimizer;
  if (model_state_->builds_optimizer && !optimizer->built()) {
    trace::Pause pause;
    optimizer->build(trainable_weights());
  }
  return optimizer;
}
bool& Model::stop_training() const { return model_state_->stop_training; }

std::vector<std::string> Model::metrics_names() const {
  if (!model_state_->training) return {"loss"};
  return model_state_->training->names();
}

std::vector<LayerPtr> Model::layers() const {
  std::vector<LayerPtr> layers;
  if (model_state_->graph) {
    for (const LayerPtr& layer : model_state_->graph->layers)
      if (!graph::is_op(*layer)) layers.push_back(layer);
  } else {
    for (const SubLayer& sub : sublayers()) layers.push_back(sub.layer);
  }
  // Keras does not list a sequential model's Input.
  if (class_name() == "Sequential" && !layers.empty() && dynamic_cast<layers::InputLayer*>(layers[0].get()))
    layers.erase(layers.begin());
  return layers;
}

LayerPtr Model::get_layer(const std::string& layer_name) const {
  std::vector<std::string> known;
  for (const LayerPtr& layer : layers()) {
    if (layer->name() == layer_name) return layer;
    known.push_back(layer->name());
  }
  throw ValueError("No such layer: '" + layer_name + "' in model '" + name() + "'." +
                   registry::suggest(layer_name, known));
}

LayerPtr Model::get_layer(int64_t index) const {
  std::vector<LayerPtr> all = layers();
  if (index < 0 || index >= static_cast<int64_t>(all.size()))
    throw ValueError("Was asked to retrieve layer at index " + std::to_string(index) + " but model '" + name() +
                     "' only has " + std::to_string(all.size()) + " layers.");
  return all[static_cast<size_t>(index)];
}

std::vector<std::string> Model::input_names() const {
  std::vector<std::string> names;
  if (model_state_->graph)
    for (const Tensor& input : model_state_->graph->inputs) names.push_back(input.name());
  return names;
}

std::vector<std::string> Model::output_names() const {
  std::vector<std::string> names;
  if (!model_state_->graph) return names;
  const Tensors& outputs = model_state_->graph->outputs;
  if (outputs.is_map()) return outputs.keys();
  for (const Tensor& output : outputs) {
    std::string name = output.impl()->node->layer->name();
    // Two outputs of one layer: the second gets a number.
    std::string unique = name;
    for (int i = 1; std::find(names.begin(), names.end(), unique) != names.end(); ++i)
      unique = name + "_" + std::to_string(i);
    names.push_back(unique);
  }
  return names;
}

Config MetricSpecs::config() const {
  if (empty()) return {};
  if (!names_.empty()) {
    Config object = Config::object();
    for (size_t i = 0; i < names_.size(); ++i) object[names_[i]] = Config(per_output_[i]);
    return object;
  }
  if (!in_order_) return Config(per_output_[0]);
  Config lists = Config::array();
  for (const auto& list : per_output_) lists.push_back(Config(list));
  return lists;
}

Config Model::compile_config() const {
  if (!compiled()) return {};
  const CompileOptions& options = compile_options();
  auto tree = [](const auto& values, auto config_of) {
    if (values.empty()) return Config();
    if (values.is_single()) return config_of(values.single());
    Config list = Config::array(), object = Config::object();
    for (size_t i = 0; i < values.size(); ++i) {
      if (values.is_map()) object[values.keys()[i]] = config_of(values[i]);
      else list.push_back(config_of(values[i]));
    }
    return values.is_map() ? object : list;
  };
  // As it was given: compile() scales its loss again.
  Optimizer optimizer = options.optimizer;
  if (model_state_->scales_loss)
    optimizer = dynamic_cast<const optimizers::LossScaleOptimizer&>(*optimizer).inner_optimizer();
  return Config::object({{"optimizer", optimizer},
                         {"loss", tree(options.loss, losses::compile_config_of)},
                         {"loss_weights", tree(options.loss_weights, [](double weight) { return Config(weight); })},
                         {"metrics", options.metrics.config()},
                         {"weighted_metrics", options.weighted_metrics.config()},
                         {"run_eagerly", false},
                         // Keras knows no "auto".
                         {"steps_per_execution", std::max<int64_t>(1, options.steps_per_execution.steps())},
                         {"jit_compile", "auto"}});
}

void Model::reset_metrics() {
  ModelState& state = *model_state();
  if (state.training) state.training->reset_metrics();
}

}  // namespace hornbeam
