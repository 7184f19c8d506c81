// What copies of a model share.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include <hornbeam/model.h>

#include "frontend/src/graph.h"
#include "frontend/src/model/session.h"
#include "frontend/src/model/training.h"

namespace hornbeam {

// What a step of the model's own reports, learned when it is first traced.
struct StepReport {
  struct Entry {
    std::string name;
    std::shared_ptr<metrics::Metric> metric;  // null: what stands in `value`
    Variable value;                           // of the last step
  };
  bool known = false;
  bool all_metrics = true;
  std::vector<Entry> entries;
};

struct HostSplit;  // frontend/src/model/host_split.h

struct ModelState {
  std::optional<graph::Graph> graph;  // of a functional or built sequential model
  std::shared_ptr<const HostSplit> host;  // of a graph with layers that run on the host
  std::optional<CompileOptions> options;
  bool stop_training = false;
  bool scales_loss = false;  // compile() put a LossScaleOptimizer around the optimizer
  // Where fit begins instead of its initial_epoch; set by a callback in on_train_begin that brought back a backup.
  std::optional<int64_t> resumed_epoch;
  std::vector<Optimizer> optimizers;  // tracked beside compile's
  // What a file holds for tracked optimizers, by their place in the list, until a step builds them (loaded_slots.h).
  std::map<size_t, std::vector<Array>> loaded_slots;
  bool builds_optimizer = false;      // while a step of the model's own is looked at
  // Made when first needed, and anew by each compile().
  std::unique_ptr<Training> training;
  std::shared_ptr<Session> session;
  StepReport train_report, test_report;
};

// What a model without a call is asked for is no error where its steps are its own.
class NoCallError : public ValueError {
 public:
  using ValueError::ValueError;
};

// The door for the library's own code to a model's protected part.
struct ModelAccess {
  static OwnSteps own_steps(const Model& model) { return model.own_steps(); }
};

}  // namespace hornbeam
