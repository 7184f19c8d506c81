// fit: data in, programs compiled, the runtime's loop driven.
#include <cmath>

#include <hornbeam/model.h>

#include "frontend/src/callbacks/profiling.h"
#include "frontend/src/model/loop_options.h"
#include "frontend/src/model/observer.h"
#include "frontend/src/model/run.h"
#include "frontend/src/model/source.h"

namespace hornbeam {
namespace {

void check_options(const FitOptions& options) {
  if (options.epochs <= 0)
    throw ValueError("fit: `epochs` must be positive. Received: epochs=" + std::to_string(options.epochs));
  if (options.initial_epoch < 0)
    throw ValueError("fit: `initial_epoch` must not be negative. Received: initial_epoch=" +
                     std::to_string(options.initial_epoch));
  if (!(options.validation_split >= 0 && options.validation_split < 1))
    throw ValueError("fit: `validation_split` must be in [0, 1). Received: validation_split=" +
                     Config(options.validation_split).to_json());
  if (options.validation_freq.epochs().empty() && options.validation_freq.every() <= 0)
    throw ValueError("fit: `validation_freq` must be positive, or a list of epochs. Received: validation_freq=" +
                     std::to_string(options.validation_freq.every()));
  check_positive("fit", "steps_per_epoch", options.steps_per_epoch);
  check_positive("fit", "validation_steps", options.validation_steps);
  check_positive("fit", "validation_batch_size", options.validation_batch_size);
}

// Trains on what fit was given.
History train(Model& model, const Source& data, const std::optional<Source>& validation, const FitOptions& options) {
  profile::Recorder::Scope profiled(callbacks::recorder_for(options.callbacks));
  Run run(model);
  Source::Closed closed{data};
  run.prepare(Job::train, data.data, data.batch_size);
  std::optional<Source::Closed> validation_closed;
  if (validation) {
    validation_closed.emplace(Source::Closed{*validation});
    run.check_targets(validation->data);
    run.learn_step(Job::evaluate, validation->data.spec(std::min(validation->batch_size, validation->data.rows)));
  }
  std::vector<Session::Request> requests;
  run.request(Job::train, data.data, data.batch_size, requests);
  run.request_results(Job::train, requests);
  if (validation) {
    run.request(Job::evaluate, validation->data, validation->batch_size, requests);
    run.request_results(Job::evaluate, requests);
  }
  run.compile(requests);

  runtime::FitPlan plan;
  int64_t steps_per_execution = model.compile_options().steps_per_execution.steps();
  fill(run, Job::train, data, steps_per_execution, plan);
  plan.steps = capped_steps(options.steps_per_epoch, data.num_batches());
  plan.read_logs = [&] { return run.read_logs(Job::train); };
  plan.epochs = capped_epochs(options.epochs);
  plan.initial_epoch = options.initial_epoch;
  plan.shuffle = options.shuffle;
  plan.seed = static_cast<uint64_t>(options.seed ? *options.seed : options.shuffle ? draw_seed() : 0);
  if (validation) {
    plan.validation.emplace();
    fill(run, Job::evaluate, *validation, steps_per_execution, *plan.validation);
    plan.validation->steps = capped_steps(options.validation_steps, validation->num_batches());
    plan.validation->read_logs = [&] { return run.read_logs(Job::evaluate); };
    plan.validation_freq = options.validation_freq.every();
    plan.validation_epochs = options.validation_freq.epochs();
  }

  model.stop_training() = false;
  CallbackParams params{options.verbose.level(), plan.epochs, plan.steps ? plan.steps : data.num_batches()};
  Observer observer(model, prepare_callbacks(options.callbacks, model, params), run.stop);
  observer.initial_epoch = &plan.initial_epoch;
  runtime::run_fit(plan, observer);
  return std::move(observer.history);
}

// Validation data that are a dataset.
Source open_validation(const Model& model, const FitOptions& options) {
  refuse_with_dataset("fit: validation_data", "validation_batch_size", options.validation_batch_size.has_value(),
                      "Its elements are the batches.");
  check_infinite("fit: validation_data", "validation_steps", options.validation_data.dataset, options.validation_steps);
  return open(model, options.validation_data.dataset,
              {.job = Job::evaluate,
               .title = "fit: validation_data",
               .steps_per_execution = model.compile_options().steps_per_execution.steps()});
}

}  // namespace

History Model::fit(const Arrays& x, const Arrays& y, FitOptions options) {
  require_compiled(*this, "fit");
  check_options(options);
  Data data = make_data(*this, "fit", x, y, options.sample_weight);
  std::optional<Data> validation;
  if (!options.validation_data.x.empty()) {
    validation = make_data(*this, "fit: validation_data", options.validation_data.x, options.validation_data.y,
                           options.validation_data.sample_weight);
  } else if (options.validation_split > 0 && !options.validation_data.dataset.valid()) {
    // Keras takes the last fraction, before any shuffling.
    auto split = static_cast<int64_t>(std::floor(static_cast<double>(data.rows) * (1 - options.validation_split)));
    if (split == 0 || split == data.rows)
      throw ValueError("fit: training data contains " + std::to_string(data.rows) +
                       " samples, which is not sufficient to split it into a "
                       "validation and training set as specified by `validation_split=" +
                       Config(options.validation_split).to_json() + "`.");
    validation = data.slice(split, data.rows);
    data = data.slice(0, split);
  }
  add_class_weight(data, options.class_weight);
  int64_t batch_size = checked_batch_size("fit", options.batch_size);
  int64_t validation_batch = options.validation_batch_size.value_or(batch_size);
  std::optional<Source> validation_source;
  if (options.validation_data.dataset.valid())
    validation_source = open_validation(*this, options);
  else if (validation)
    validation_source = Source{std::move(*validation), validation_batch, nullptr};
  return train(*this, Source{std::move(data), batch_size, nullptr}, validation_source, options);
}

History Model::fit(const Dataset& dataset, FitOptions options) {
  require_compiled(*this, "fit");
  check_options(options);
  refuse_with_dataset("fit", "batch_size", options.batch_size.has_value(), "Its elements are the batches: use batch().");
  refuse_with_dataset("fit", "validation_split", options.validation_split > 0, "Use take() and skip(), or give "
                      "`validation_data`.");
  refuse_with_dataset("fit", "sample_weight", !options.sample_weight.empty(), "Its elements have them.");
  check_infinite("fit", "steps_per_epoch", dataset, options.steps_per_epoch);
  Source data = open(*this, dataset,
                     {.job = Job::train,
                      .title = "fit",
                      .class_weight = options.class_weight,
                      .steps_per_execution = compile_options().steps_per_execution.steps(),
                      .first_pass = options.initial_epoch});
  std::optional<Source> validation;
  if (options.validation_data.dataset.valid()) {
    validation = open_validation(*this, options);
  } else if (!options.validation_data.x.empty()) {
    Data arrays = make_data(*this, "fit: validation_data", options.validation_data.x, options.validation_data.y,
                            options.validation_data.sample_weight);
    int64_t batch_size = options.validation_batch_size.value_or(data.batch_size);
    validation = Source{std::move(arrays), batch_size, nullptr};
  }
  return train(*this, data, validation, options);
}

}  // namespace hornbeam
