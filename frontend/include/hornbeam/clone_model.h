// clone_model: a model of the same form with new layers and new weights.
#pragma once

#include <functional>

#include <hornbeam/model.h>

namespace hornbeam {

struct CloneModelOptions {
  // What to build the copy on, of the structure of the model's inputs; new Inputs if empty. Of a Sequential: one
  // tensor.
  Tensors input_tensors = {};
  // The layer that stands for one of the model's in the copy (an Input excepted); a new one of its class and config if
  // not given. It is asked once for each layer.
  std::function<LayerPtr(const LayerPtr& layer)> clone_function = {};
  // How a layer of the copy is called, functional models only; layer->invoke(inputs, args) if not given.
  std::function<Tensors(const LayerPtr& layer, const Tensors& inputs, const CallArgs& args)> call_function = {};
  // Whether models inside are cloned in this way, too; else clone_function gets them as the layers they are.
  bool recursive = false;
};

// A copy with weights of its own, compiled as the model is. Throws ValueError for options that the model's kind does
// not take, and for a class of your own that is not registered (hornbeam::register_layer).
Model clone_model(const Model& model, const CloneModelOptions& options = {});

}  // namespace hornbeam
