#include <hornbeam/clone_model.h>

#include <unordered_map>

#include <hornbeam/input.h>
#include <hornbeam/sequential.h>

#include "frontend/src/graph.h"
#include "frontend/src/layer_state.h"
#include "frontend/src/model/model_state.h"
#include "frontend/src/saving/compile_config.h"
#include "frontend/src/saving/model_config.h"

namespace hornbeam {
namespace {

// One cloning, which models inside share, too: a layer that stands in several places has one copy.
class Cloning {
 public:
  explicit Cloning(const CloneModelOptions& options) : options_(options) {}

  Model clone(const Model& model, const Tensors& input_tensors) {
    std::shared_ptr<Layer> object = model.shared();
    Model copy = [&] {
      if (const auto* sequential = dynamic_cast<const Sequential*>(object.get()))
        return clone_sequential(*sequential, input_tensors);
      if (model.class_name() == "Functional") return clone_functional(model, input_tensors);
      return clone_other(*object, input_tensors);
    }();
    if (model.compiled()) copy.compile(saving::read_compile_config(saving::check_model_config(model.compile_config())));
    return copy;
  }

 private:
  LayerPtr layer(const LayerPtr& original) {
    LayerPtr& copy = copies_[original->state().get()];
    if (copy) return copy;
    const auto* model = dynamic_cast<const Model*>(original.get());
    bool has_parts = model && (dynamic_cast<const Sequential*>(model) || model->class_name() == "Functional");
    if (has_parts && options_.recursive) {
      LayerPtr inner = clone(*model, {}).shared();
      return copies_[original->state().get()] = inner;
    }
    if (graph::is_op(*original)) {
      if (!original->sublayers().empty())
        throw ValueError("clone_model: '" + original->name() +
                         "' is a branch (ops::cond) with layers inside, which cannot be cloned.");
      return copy = original;  // an op has no weights
    }
    copy = options_.clone_function ? options_.clone_function(original) : layer_from_config(original->serialize());
    if (!copy) throw ValueError("clone_model: `clone_function` gave no layer for '" + original->name() + "'.");
    return copy;
  }

  Model clone_sequential(const Sequential& model, const Tensors& input_tensors) {
    if (input_tensors.size() > 1) throw ValueError("Argument `input_tensors` must contain a single tensor.");
    std::vector<SequentialItem> items;
    for (const Layer::SubLayer& sub : model.sublayers()) {
      const auto* input = dynamic_cast<const layers::InputLayer*>(sub.layer.get());
      if (!input) {
        if (items.empty() && !input_tensors.empty()) items.emplace_back(input_tensors[0]);
        items.emplace_back(layer(sub.layer));
      } else if (input_tensors.empty()) {
        items.emplace_back(input_like(input->batch_shape(), input->dtype(), input->name()));
      }
    }
    Sequential copy(std::move(items), model.name());
    if (!model.trainable()) copy.set_trainable(false);
    copy.shared();  // keeps the Sequential, which the Model that is given back calls
    return copy;
  }

  Model clone_functional(const Model& model, const Tensors& input_tensors) {
    const graph::Graph& graph = *model.model_state()->graph;
    Tensors inputs = input_tensors;
    if (inputs.empty())
      inputs = graph.inputs.map([](const Tensor& x) { return input_like(x.shape(), x.dtype(), x.name()); });
    bool same = inputs.kind() == graph.inputs.kind() && inputs.size() == graph.inputs.size() &&
                inputs.keys() == graph.inputs.keys();
    if (!same)
      throw ValueError("`input_tensors` must have the same structure as the inputs of model '" + model.name() + "': " +
                       std::to_string(graph.inputs.size()) + " tensors. Received: " + std::to_string(inputs.size()) +
                       " tensors");
    graph::Call call = [&](const LayerPtr& original, const Tensors& given, const CallArgs& args) {
      LayerPtr copy = layer(original);
      return options_.call_function ? options_.call_function(copy, given, args) : copy->invoke(given, args);
    };
    Tensors outputs = graph::replay(graph, inputs, call);
    return Model(inputs, outputs, model.name());
  }

  Model clone_other(const Layer& model, const Tensors& input_tensors) {
    if (options_.clone_function || !input_tensors.empty())
      throw ValueError("Arguments `clone_function` and `input_tensors` are only supported for Sequential models or "
                       "Functional models. Received model of type '" + model.class_name() + "'.");
    if (options_.call_function)
      throw ValueError("Argument `call_function` is only supported for Functional models. Received model of type '" +
                       model.class_name() + "'.");
    auto copy = std::dynamic_pointer_cast<Model>(
        std::static_pointer_cast<Layer>(registry::create(Kind::layer, model.serialize())));
    copy->shared();
    if (model.built() && !copy->built() && !model.build_shapes().empty()) copy->ensure_built(model.build_shapes());
    return *copy;
  }

  static Tensor input_like(const Shape& batch_shape, DType dtype, const std::string& name) {
    InputOptions options{.shape = Shape(std::vector<int64_t>(batch_shape.begin() + 1, batch_shape.end())),
                         .dtype = dtype,
                         .name = name};
    if (batch_shape[0] >= 0) options.batch_size = batch_shape[0];
    return Input(options);
  }

  const CloneModelOptions& options_;
  std::unordered_map<const LayerState*, LayerPtr> copies_;
};

}  // namespace

Model clone_model(const Model& model, const CloneModelOptions& options) {
  if (options.call_function && dynamic_cast<const Sequential*>(model.shared().get()))
    throw ValueError(
        "`call_function` argument is not supported with Sequential models. In a Sequential model, layers aren't called "
        "at model-construction time (they're merely listed). Use `call_function` with Functional models only. Received "
        "model of type 'Sequential'.");
  return Cloning(options).clone(model, options.input_tensors);
}

}  // namespace hornbeam
