// What copies of a model share.
#pragma once

#include <memory>
#include <optional>

#include <hornbeam/model.h>

#include "frontend/src/graph.h"
#include "frontend/src/model/session.h"
#include "frontend/src/model/training.h"

namespace hornbeam {

struct HostSplit;  // frontend/src/model/host_split.h

struct ModelState {
  std::optional<graph::Graph> graph;  // of a functional or built sequential model
  std::shared_ptr<const HostSplit> host;  // of a graph with layers that run on the host
  std::optional<CompileOptions> options;
  bool stop_training = false;
  bool scales_loss = false;  // compile() put a LossScaleOptimizer around the optimizer
  // Where fit begins instead of its initial_epoch; set by a callback in on_train_begin that brought back a backup.
  std::optional<int64_t> resumed_epoch;
  // Made when first needed, and anew by each compile().
  std::unique_ptr<Training> training;
  std::unique_ptr<Session> session;
};

}  // namespace hornbeam
