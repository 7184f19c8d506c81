// evaluate and predict.
#include <hornbeam/model.h>

#include "frontend/src/model/host_split.h"
#include "frontend/src/model/loop_options.h"
#include "frontend/src/model/observer.h"
#include "frontend/src/model/run.h"
#include "frontend/src/model/source.h"

namespace hornbeam {
namespace {

Logs evaluate_on(Model& model, const Source& data, const EvaluateOptions& options) {
  Run run(model);
  Source::Closed closed{data};
  run.prepare(Job::evaluate, data.data, data.batch_size);
  std::vector<Session::Request> requests;
  run.request(Job::evaluate, data.data, data.batch_size, requests);
  run.request_results(Job::evaluate, requests);
  run.compile(requests);
  runtime::EvaluatePlan plan;
  fill(run, Job::evaluate, data, model.compile_options().steps_per_execution.steps(), plan);
  plan.steps = capped_steps(options.steps, data.num_batches());
  plan.read_logs = [&] { return run.read_logs(Job::evaluate); };
  CallbackParams params{options.verbose.level(), 1, plan.steps ? plan.steps : data.num_batches()};
  Observer observer(model, prepare_callbacks(options.callbacks, model, params), run.stop);
  return to_logs(runtime::run_evaluate(plan, observer));
}

Arrays predict_on(Model& model, const Source& data, const PredictOptions& options) {
  Run run(model);
  Source::Closed closed{data};
  run.prepare(Job::predict, data.data, data.batch_size);
  std::vector<Session::Request> requests;
  run.request(Job::predict, data.data, data.batch_size, requests);
  run.compile(requests);
  runtime::PredictPlan plan;
  fill(run, Job::predict, data, model.compiled() ? model.compile_options().steps_per_execution.steps() : 1, plan);
  plan.steps = capped_steps(options.steps, data.num_batches());
  CallbackParams params{options.verbose.level(), 1, plan.steps ? plan.steps : data.num_batches()};
  Observer observer(model, prepare_callbacks(options.callbacks, model, params), run.stop);
  std::vector<Array> outputs = runtime::run_predict(plan, observer);
  if (const HostSplit* split = host_split_of(model)) return run_epilogue(*split, std::move(outputs));
  return Arrays::with_structure(run.structure(), std::move(outputs));
}

}  // namespace

Logs Model::evaluate(const Arrays& x, const Arrays& y, EvaluateOptions options) {
  require_compiled(*this, "evaluate");
  check_positive("evaluate", "steps", options.steps);
  Data data = make_data(*this, "evaluate", x, y, options.sample_weight);
  int64_t batch_size = checked_batch_size("evaluate", options.batch_size);
  return evaluate_on(*this, {std::move(data), batch_size, nullptr}, options);
}

Logs Model::evaluate(const Dataset& dataset, EvaluateOptions options) {
  require_compiled(*this, "evaluate");
  check_positive("evaluate", "steps", options.steps);
  refuse_with_dataset("evaluate", "batch_size", options.batch_size.has_value(), "Its elements are the batches.");
  refuse_with_dataset("evaluate", "sample_weight", !options.sample_weight.empty(), "Its elements have them.");
  check_infinite("evaluate", "steps", dataset, options.steps);
  return evaluate_on(*this,
                     open(*this, dataset,
                          {.job = Job::evaluate,
                           .title = "evaluate",
                           .steps_per_execution = compile_options().steps_per_execution.steps()}),
                     options);
}

Arrays Model::predict(const Arrays& x, PredictOptions options) {
  check_positive("predict", "steps", options.steps);
  Data data = make_data(*this, "predict", x, {}, {});
  const HostSplit* split = host_split_of(*this);
  if (split && !split->core) return run_epilogue(*split, data.x.flat());
  int64_t batch_size = checked_batch_size("predict", options.batch_size);
  return predict_on(*this, {std::move(data), batch_size, nullptr}, options);
}

Arrays Model::predict(const Dataset& dataset, PredictOptions options) {
  check_positive("predict", "steps", options.steps);
  refuse_with_dataset("predict", "batch_size", options.batch_size.has_value(), "Its elements are the batches.");
  check_infinite("predict", "steps", dataset, options.steps);
  return predict_on(*this,
                    open(*this, dataset,
                         {.job = Job::predict,
                          .title = "predict",
                          .steps_per_execution = compiled() ? compile_options().steps_per_execution.steps() : 1}),
                    options);
}

}  // namespace hornbeam
