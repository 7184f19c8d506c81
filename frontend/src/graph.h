// The layer graph: who was called on what. Symbolic tensors point into it; a functional model is a piece of it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <hornbeam/layer.h>
#include <hornbeam/tensor.h>

#include "frontend/src/ops/apply.h"
#include "frontend/src/tensor_impl.h"

namespace hornbeam::graph {

// One call of a layer (or op) on symbolic tensors. The node of an Input has no inputs.
struct Node {
  LayerPtr layer;
  Tensors inputs;
  CallArgs args;
  int64_t number = 0;  // in order of their making; 0 for an Input
};

// Records a call whose outputs have these types and this structure; gives the symbolic outputs.
Tensors record(LayerPtr layer, Tensors inputs, CallArgs args, const std::vector<trace::Spec>& outputs,
               const Tensors& structure);
// The same for an op, which becomes a layer without weights (is_op).
std::vector<Tensor> record_op(const char* keras_name, const std::vector<Tensor>& inputs, const Config& arguments,
                              const ops::Body& body);
// A branch on a symbolic predicate: the functions are run on the symbolic tensors that they hold, and what they record
// becomes the inside of one node. Layers that they call are tracked by it.
Tensors record_cond(const Tensor& pred, const std::function<Tensors()>& true_fn, const std::function<Tensors()>& false_fn);
// True for the layers that record_op and record_cond make; Keras lists them among a model's operations, not its layers.
bool is_op(const Layer& layer);

// The piece of the graph between inputs and outputs, in the order in which Keras runs and lists it.
struct Graph {
  Tensors inputs;
  Tensors outputs;
  std::vector<std::shared_ptr<Node>> nodes;  // in order of execution, Inputs included
  std::vector<LayerPtr> layers;              // each once, in Keras' order, ops included
};
// Throws ValueError if an output does not follow from the inputs, or two layers have one name.
Graph collect(Tensors inputs, Tensors outputs);

// Runs the graph on other tensors: every layer is called again, by `call` if given.
using Call = std::function<Tensors(const LayerPtr& layer, const Tensors& inputs, const CallArgs& args)>;
Tensors replay(const Graph& graph, const Tensors& inputs, const Call& call = {});

}  // namespace hornbeam::graph
