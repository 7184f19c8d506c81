// The functions that a model is compiled to: train_step, evaluate_step, predict_step on one batch, and metric_results.
#pragma once

#include <string>
#include <vector>

#include <hornbeam/model.h>

#include "frontend/src/model/model_state.h"
#include "frontend/src/model/session.h"
#include "frontend/src/model/training.h"
#include "ir/builder.h"

namespace hornbeam {

enum class Job : uint8_t { train, evaluate, predict };

// The types of one batch, the batch axis included; what a job's program is made for.
struct BatchSpec {
  int64_t size = 0;
  std::vector<trace::Spec> x, y;
  std::vector<trace::Spec> weights;  // one for each output that has_weight says
  std::vector<bool> has_weight;
  Tree<int> x_structure;  // as the model's call takes them

  std::string key(Job job) const;  // names a program for good
  // The same for another batch size.
  BatchSpec resized(int64_t rows) const;
};

// Outputs of the model on a batch, abstractly: types and structure.
std::vector<trace::Spec> infer_outputs(const Model& model, const BatchSpec& batch, bool training,
                                       Tensors* structure = nullptr);

// The same of the model's own predict_step.
std::vector<trace::Spec> infer_predict_step(Model& model, const BatchSpec& batch, Tensors* structure);
// What the model's own train_step or test_step reports, with its tensors as types alone. Builds the layers, metrics and
// optimizers that it uses.
StepLogs infer_step(Job job, Model& model, const BatchSpec& batch);

// Writes the job's function at the end of a module. `training` may be null for predict.
void trace_job(Job job, Model& model, Training* training, Session& session, const BatchSpec& batch,
               const std::vector<std::string>& output_names, ir::Builder& builder, const std::string& function);
// All the training's results, or what a step of the model's own reports.
void trace_metric_results(Training& training, Session& session, ir::Builder& builder, const std::string& function,
                          const StepReport* report = nullptr);
// The names of these results, in order.
std::vector<std::string> result_names(const Training& training, const StepReport* report);

}  // namespace hornbeam
