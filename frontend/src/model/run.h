// One run of a model: its session, made ready for the data, and the programs that the loops call.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <hornbeam/model.h>
#include <hornbeam/runtime/fit/loop.h>

#include "frontend/src/model/data.h"
#include "frontend/src/model/model_state.h"
#include "frontend/src/trace/jobs.h"

namespace hornbeam {

class Run {
 public:
  explicit Run(Model& model);

  // Builds what is not built, by the data's shapes; then the training and the optimizer, if asked for.
  void prepare(Job job, const Data& data, int64_t batch_size);

  // Finds out what a step of the model's own reports, and what it uses.
  void learn_step(Job job, const BatchSpec& batch);

  // There is a target for each output, and labels are classes.
  void check_targets(const Data& data) const;

  // Requests for the programs of a job on these rows: one for whole batches, one for a short last one.
  void request(Job job, const Data& data, int64_t batch_size, std::vector<Session::Request>& requests);
  void request_results(Job job, std::vector<Session::Request>& requests);
  void compile(const std::vector<Session::Request>& requests);

  // The program for batches like this one, compiled if it is the first of its kind.
  const runtime::Step& step_for(Job job, const Data& data, int64_t rows);

  // Puts in what the loops have in common.
  void fill(Job job, const Data& data, int64_t batch_size, int64_t steps_per_execution, runtime::Job& plan);

  runtime::LogValues read_logs(Job job);

  std::vector<std::string> output_names() const;
  const Tensors& structure() const { return structure_; }

  runtime::StopFlags stop;

 private:
  // Of the model's own step; null where the step is compile's.
  const StepReport* report(Job job) const;
  std::string results_key(Job job) const;
  // Those that train this model.
  std::vector<Optimizer> optimizers() const;

  std::shared_ptr<Model> shared_;
  Model& model_;
  ModelState& state_;
  OwnSteps own_;
  std::vector<trace::Spec> y_pred_;
  Tensors structure_;
};

}  // namespace hornbeam
