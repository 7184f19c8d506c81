// The calls of a model's layer graph as model files hold them: who is called on what, by "keras_history".
#pragma once

#include <map>
#include <string>

#include <hornbeam/config.h>
#include <hornbeam/tensor.h>

#include "frontend/src/graph.h"

namespace hornbeam {

// Where the tensors of a graph come from: [layer, call number, result number]. Calls are numbered per layer.
class Places {
 public:
  explicit Places(const graph::Graph& graph);
  Config of(const Tensor& tensor) const;
  // The same where a model names its inputs and outputs: there a functional model's own graph counts as its call 0.
  Config of_end(const Tensor& tensor) const;
  // {"args": […], "kwargs": {…}} of a node. Throws NotImplementedError if a file cannot hold the call.
  Config call(const graph::Node& node) const;

 private:
  Config argument(const Tensor& tensor) const;
  Config operation_call(const graph::Node& node) const;

  std::map<const graph::Node*, int64_t> numbers_;
};

// The serialized form of an operation between layers: {"module", "class_name", "config", "registered_name"}.
Config serialize_operation(const graph::Node& node);

}  // namespace hornbeam
