// A model with strings, cut: what runs on the host before its compiled part (prologue), the compiled part (core), and what
// runs on the host after it (epilogue).
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <hornbeam/layers/host_layer.h>
#include <hornbeam/model.h>

#include "frontend/src/graph.h"

namespace hornbeam {

struct HostSplit {
  // A run of layers on the host; values by number: the inputs, then each step's result.
  struct Part {
    struct Step {
      LayerPtr layer;
      std::vector<int32_t> inputs;
    };
    std::vector<runtime::HostGraph::Input> inputs;
    std::vector<Step> steps;
    std::vector<int32_t> outputs;

    // With the layers' present vocabularies: as data, and to run.
    runtime::HostGraph graph() const;
    runtime::HostFunction function() const;
  };

  Part prologue;                    // from the model's inputs to those of the core
  std::optional<graph::Graph> core;  // none if the model is a prologue alone
  Part epilogue;                    // from the core's outputs to the model's; no steps: they are the same
  Tensors structure;                // of the model's outputs
};

// Null for a graph without layers that run on the host. Throws ValueError, naming the layers, if one of them stands between
// compiled layers, or another layer takes strings.
std::shared_ptr<const HostSplit> split_host(const graph::Graph& graph);

// The model's split; null if it has none.
const HostSplit* host_split_of(const Model& model);

// The inputs of the core for data of the model's inputs, in order.
std::vector<Array> run_prologue(const HostSplit& split, const std::vector<Array>& inputs);
// The model's outputs for the core's, or for the prologue's where there is no core.
Arrays run_epilogue(const HostSplit& split, std::vector<Array> outputs);
// The model on concrete tensors, op by op compiled.
Tensors call_split(const Model& model, const HostSplit& split, const Tensors& inputs, const CallArgs& args);

// While it lives on this thread, calling the model means calling its core. Nothing for a model without split.
class CoreScope {
 public:
  explicit CoreScope(const Model& model);
  ~CoreScope();
  CoreScope(const CoreScope&) = delete;
  // The split of the model if its core is meant, else null.
  static const HostSplit* of(const Model& model);

 private:
  const void* outer_;
};

// Strings of shape [batch] as [batch, 1], and the other way round.
Tensor reshaped_strings(const Tensor& x, const Shape& shape);

}  // namespace hornbeam
