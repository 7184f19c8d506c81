// fit, evaluate, predict and their one-batch kin: data in, programs compiled, the runtime's loops driven.
#include <unistd.h>

#include <cmath>
#include <numeric>

#include <hornbeam/model.h>
#include <hornbeam/runtime/threads.h>

#include "frontend/src/layer_state.h"
#include "frontend/src/model/host_split.h"
#include "frontend/src/model/data.h"
#include "frontend/src/model/dataset_stream.h"
#include "frontend/src/trace/jobs.h"
#include "frontend/src/model/model_state.h"
#include "frontend/src/model/observer.h"

namespace hornbeam {
namespace {

using runtime::Segment;

constexpr int64_t kDefaultBatchSize = 32;
const char* const kMetricResults = "metric_results";

int64_t checked_batch_size(const char* job, const std::optional<int64_t>& given, int64_t rows) {
  int64_t size = given.value_or(kDefaultBatchSize);
  if (size <= 0)
    throw ValueError(std::string(job) +
                     ": `batch_size` must be positive. Received: batch_size=" + std::to_string(size));
  return size;
}

void check_positive(const char* job, const char* name, const std::optional<int64_t>& value) {
  if (value && *value <= 0)
    throw ValueError(std::string(job) + ": `" + name + "` must be positive. Received: " + name + "=" +
                     std::to_string(*value));
}

int64_t num_batches(int64_t rows, int64_t batch_size) { return (rows + batch_size - 1) / batch_size; }

// One run of a model: its session, made ready for the data.
class Run {
 public:
  explicit Run(Model& model)
      : shared_(std::dynamic_pointer_cast<Model>(model.shared())),
        model_(is_sliced(model, *shared_) ? *shared_ : model),
        state_(*model.model_state()) {}

  // Builds what is not built, by the data's shapes; then the training and the optimizer, if asked for.
  void prepare(Job job, const Data& data, int64_t batch_size) {
    const bool trains = job == Job::train, has_targets = job != Job::predict;
    own_ = ModelAccess::own_steps(model_);
    CoreScope core(model_);
    BatchSpec any = data.spec(kUnknown), first = data.spec(std::min(batch_size, data.rows));
    LayerAccess::check(model_, Shapes::with_structure(first.x_structure, shapes_of(first.x)));
    model_.ensure_built(Shapes::with_structure(any.x_structure, shapes_of(any.x)));
    Tensors structure;
    if (job == Job::predict && own_.predict) {
      y_pred_ = infer_predict_step(model_, any, &structure);
    } else {
      try {
        y_pred_ = infer_outputs(model_, any, trains, &structure);
      } catch (const NoCallError&) {
        // A model whose steps are its own need not be one function of its inputs.
        if (!has_targets || !own_.any()) throw;
      }
    }
    structure_ = structure;
    if (!state_.session) state_.session = std::make_shared<Session>();
    Session& session = *state_.session;
    session.add(Segment::weights, model_.variables());
    for (const auto& metric : model_.metrics()) session.add(Segment::metrics, metric->variables());
    if (has_targets) {
      if (!state_.training) {
        state_.training = std::make_unique<Training>(*state_.options, output_names(), y_pred_, any.y, model_.metrics());
        session.add(Segment::metrics, state_.training->metric_variables());
        session.bind();
        state_.training->reset_metrics();
        session.set_initial(Segment::metrics);
      }
      check_targets(data);
    }
    if (trains && !own_.train) {
      const Optimizer& optimizer = model_.optimizer();
      if (!optimizer->built()) optimizer->build(model_.trainable_weights());
    }
    if (has_targets) learn_step(job, first);
    if (trains)
      for (const Optimizer& optimizer : optimizers()) session.add(Segment::slots, optimizer->variables());
    session.bind();
  }

  // Finds out what a step of the model's own reports, and what it uses.
  void learn_step(Job job, const BatchSpec& batch) {
    StepReport& report = job == Job::train ? state_.train_report : state_.test_report;
    if (!(job == Job::train ? own_.train : own_.test) || report.known) return;
    StepLogs logs;
    {
      BuildsOptimizer builds(state_);
      logs = infer_step(job, model_, batch);
    }
    StepReport found;
    found.known = true;
    found.all_metrics = logs.all_metrics();
    NameScope scope("step_logs");
    for (const auto& [name, entry] : logs.entries()) {
      found.entries.push_back({name, entry.metric(), {}});
      if (!entry.metric())
        found.entries.back().value =
            Variable({.name = name, .shape = {}, .dtype = DType::float32, .initializer = "zeros", .trainable = false});
    }
    // What it made on the way is state, too. What metrics have counted so far stays.
    Session& session = *state_.session;
    session.add(Segment::weights, model_.variables());
    std::vector<Variable> of_metrics = state_.training->metric_variables(), values;
    auto add = [&](const std::vector<Variable>& more) { of_metrics.insert(of_metrics.end(), more.begin(), more.end()); };
    for (const auto& metric : model_.metrics()) add(metric->variables());
    for (const StepReport::Entry& entry : found.entries) {
      if (entry.metric) add(entry.metric->variables());
      else values.push_back(entry.value);
    }
    add(values);
    session.add(Segment::metrics, of_metrics);
    session.bind();
    std::vector<Array> counted;
    for (const Variable& variable : of_metrics) counted.push_back(variable.value());
    state_.training->reset_metrics();
    for (const StepReport::Entry& entry : found.entries)
      if (entry.metric) entry.metric->reset_state();
    session.set_initial(Segment::metrics);
    for (size_t i = 0; i < counted.size(); ++i) of_metrics[i].assign(counted[i]);
    report = std::move(found);
  }

  // There is a target for each output, and labels are classes.
  void check_targets(const Data& data) const {
    state_.training->check_targets(data.y.size());
    check_labels(data, *state_.training, y_pred_);
  }

  // Requests for the programs of a job on these rows; steps limits how many batches are reached.
  void request(Job job, const Data& data, int64_t batch_size, std::vector<Session::Request>& requests) {
    static const char* const kNames[] = {"train_step", "evaluate_step", "predict_step"};
    auto add = [&](int64_t size) {
      BatchSpec spec = data.spec(size);
      requests.push_back({spec.key(job), std::string(kNames[static_cast<int>(job)]) + "_" + std::to_string(size),
                          [this, job, spec](ir::Builder& builder, const std::string& function) {
                            trace_job(job, model_, state_.training.get(), *state_.session, spec, output_names(),
                                      builder, function);
                          }});
    };
    if (data.rows >= batch_size) add(batch_size);
    if (data.rows % batch_size) add(data.rows % batch_size);
  }
  void request_results(Job job, std::vector<Session::Request>& requests) {
    requests.push_back({results_key(job), kMetricResults, [this, job](ir::Builder& builder, const std::string& function) {
                          trace_metric_results(*state_.training, *state_.session, builder, function, report(job));
                        }});
  }
  void compile(const std::vector<Session::Request>& requests) {
    int threads = state_.options && state_.options->num_threads ? state_.options->num_threads : num_threads();
    state_.session->compile(requests, threads, state_.options ? state_.options->dump_dir : "");
  }

  // The program for batches like this one, compiled if it is the first of its kind.
  const runtime::Step& step_for(Job job, const Data& data, int64_t rows) {
    BatchSpec spec = data.spec(rows);
    std::string key = spec.key(job);
    if (!state_.session->contains(key)) {
      CoreScope core(model_);
      LayerAccess::check(model_, Shapes::with_structure(spec.x_structure, shapes_of(spec.x)));
      Data batch = data;
      batch.rows = rows;
      std::vector<Session::Request> requests;
      request(job, batch, rows, requests);
      compile(requests);
    }
    return state_.session->step(key);
  }

  // What the loops have in common.
  void fill(Job job, const Data& data, int64_t batch_size, int64_t steps_per_execution, runtime::Job& plan) {
    Session& session = *state_.session;
    plan.state = &session.state();
    if (data.rows >= batch_size) plan.step = session.step(data.spec(batch_size).key(job));
    if (data.rows % batch_size) plan.short_step = session.step(data.spec(data.rows % batch_size).key(job));
    plan.data = data.arrays();
    plan.batch_size = batch_size;
    plan.steps_per_execution = steps_per_execution;
    plan.stop = &stop;
  }

  runtime::LogValues read_logs(Job job) {
    Session& session = *state_.session;
    const runtime::Step& step = session.step(results_key(job));
    const runtime::Entry& entry = *step.executable->program().find(step.entry);
    std::vector<float> values(entry.outputs.size());
    std::vector<runtime::Buffer> outputs;
    for (float& value : values) outputs.push_back(session.state().device()->wrap(&value, sizeof value));
    session.state().segment(Segment::metrics);
    step.executable->run(step.entry, {.segments = session.state().segments(), .inputs = {}, .outputs = outputs});
    runtime::LogValues logs;
    std::vector<std::string> names = result_names(*state_.training, report(job));
    for (size_t i = 0; i < names.size(); ++i) logs.emplace_back(names[i], values[i]);
    return logs;
  }

  std::vector<std::string> output_names() const {
    std::vector<std::string> names = model_.output_names();
    if (!names.empty()) return names;
    if (structure_.is_map()) return structure_.keys();
    for (size_t i = 0; i < y_pred_.size(); ++i) names.push_back("output_" + std::to_string(i + 1));
    return names;
  }
  const Tensors& structure() const { return structure_; }

  runtime::StopFlags stop;

 private:
  struct BuildsOptimizer {
    explicit BuildsOptimizer(ModelState& state) : state(state) { state.builds_optimizer = true; }
    ~BuildsOptimizer() { state.builds_optimizer = false; }
    ModelState& state;
  };

  // Of the model's own step; null where the step is compile's.
  const StepReport* report(Job job) const {
    const StepReport& report = job == Job::train ? state_.train_report : state_.test_report;
    return report.known ? &report : nullptr;
  }
  std::string results_key(Job job) const {
    return !report(job) ? kMetricResults : std::string(kMetricResults) + (job == Job::train ? "/train" : "/test");
  }
  // Those that train this model.
  std::vector<Optimizer> optimizers() const {
    std::vector<Optimizer> all = state_.optimizers;
    all.insert(all.begin(), model_.optimizer());
    std::erase_if(all, [](const Optimizer& optimizer) { return !optimizer->built(); });
    return all;
  }
  static std::vector<Shape> shapes_of(const std::vector<trace::Spec>& specs) {
    std::vector<Shape> shapes;
    for (const trace::Spec& spec : specs) shapes.push_back(spec.shape);
    return shapes;
  }

  // A Model that was loaded or copied from an object of a user's class is not of that class itself.
  static bool is_sliced(const Model& model, const Model& shared) { return typeid(model) != typeid(shared); }

  std::shared_ptr<Model> shared_;
  Model& model_;
  ModelState& state_;
  OwnSteps own_;
  std::vector<trace::Spec> y_pred_;
  Tensors structure_;
};

// Where batches come from: arrays, or a stream, of which `data` is the first batch then.
struct Source {
  Data data;
  int64_t batch_size = 0;
  std::unique_ptr<DatasetStream> stream;

  // Ends the stream's thread, which looks at the run.
  struct Closed {
    const Source& source;
    ~Closed() {
      if (source.stream) source.stream->close();
    }
  };
  std::optional<int64_t> num_batches() const {
    return stream ? stream->num_batches() : hornbeam::num_batches(data.rows, batch_size);
  }
};

Source open(const Model& model, const Dataset& dataset, DatasetStream::Settings settings) {
  Source source;
  source.stream = std::make_unique<DatasetStream>(model, dataset, std::move(settings));
  source.data = source.stream->first();
  source.batch_size = source.data.rows;
  return source;
}

// Puts a source into a plan of the loops.
void fill(Run& run, Job job, const Source& source, int64_t steps_per_execution, runtime::Job& plan) {
  run.fill(job, source.data, source.batch_size, steps_per_execution, plan);
  if (!source.stream) return;
  source.stream->program = [&run, job](const Data& batch, int64_t rows) -> const runtime::Step& {
    return run.step_for(job, batch, rows);
  };
  if (job != Job::predict) source.stream->check = [&run](const Data& batch) { run.check_targets(batch); };
  plan.stream = source.stream.get();
}

// A dataset has its own batches; options that would make others are mistakes.
void refuse_with_dataset(const char* job, const char* option, bool given, const char* instead) {
  if (given)
    throw ValueError(std::string(job) + ": `" + option + "` must not be given with a Dataset. " + instead);
}
void check_infinite(const char* job, const char* option, const Dataset& dataset, const std::optional<int64_t>& steps) {
  if (dataset.cardinality() == Dataset::kInfinite && !steps)
    throw ValueError(std::string(job) + ": the dataset is infinite. Give `" + option + "`, or end it with take().");
}

const CompileOptions& require_compiled(const Model& model, const char* job) {
  if (!model.compiled())
    throw ValueError("You must call `compile()` before using the model '" + model.name() + "' with " + job + "().");
  return model.compile_options();
}

}  // namespace

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
  plan.steps = options.steps_per_epoch;
  plan.read_logs = [&] { return run.read_logs(Job::train); };
  plan.epochs = options.epochs;
  plan.initial_epoch = options.initial_epoch;
  plan.shuffle = options.shuffle;
  plan.seed = static_cast<uint64_t>(options.seed ? *options.seed : options.shuffle ? draw_seed() : 0);
  if (validation) {
    plan.validation.emplace();
    fill(run, Job::evaluate, *validation, steps_per_execution, *plan.validation);
    plan.validation->steps = options.validation_steps;
    plan.validation->read_logs = [&] { return run.read_logs(Job::evaluate); };
    plan.validation_freq = options.validation_freq.every();
    plan.validation_epochs = options.validation_freq.epochs();
  }

  model.stop_training() = false;
  CallbackParams params{options.verbose.level(), options.epochs,
                        options.steps_per_epoch ? options.steps_per_epoch : data.num_batches()};
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
  int64_t batch_size = checked_batch_size("fit", options.batch_size, data.rows);
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
  plan.steps = options.steps;
  plan.read_logs = [&] { return run.read_logs(Job::evaluate); };
  CallbackParams params{options.verbose.level(), 1, options.steps ? options.steps : data.num_batches()};
  Observer observer(model, prepare_callbacks(options.callbacks, model, params), run.stop);
  Logs logs;
  for (const auto& [name, value] : runtime::run_evaluate(plan, observer)) logs.set(name, value);
  return logs;
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
  plan.steps = options.steps;
  CallbackParams params{options.verbose.level(), 1, options.steps ? options.steps : data.num_batches()};
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
  int64_t batch_size = checked_batch_size("evaluate", options.batch_size, data.rows);
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
  int64_t batch_size = checked_batch_size("predict", options.batch_size, data.rows);
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

namespace {

// One call of one batch of all rows, outside of any loop.
Logs run_on_batch(Model& model, Job job, const Arrays& x, const Arrays& y, const BatchOptions& options) {
  const char* name = job == Job::train ? "train_on_batch" : "test_on_batch";
  require_compiled(model, name);
  Data data = make_data(model, name, x, y, options.sample_weight);
  add_class_weight(data, options.class_weight);
  Run run(model);
  run.prepare(job, data, data.rows);
  std::vector<Session::Request> requests;
  run.request(job, data, data.rows, requests);
  run.request_results(job, requests);
  run.compile(requests);
  Session& session = *model.model_state()->session;
  const runtime::Step& step = session.step(data.spec(data.rows).key(job));
  for (Segment segment : {Segment::weights, Segment::slots, Segment::metrics})
    if (segment != Segment::slots || job == Job::train) session.state().segment(segment);
  std::vector<runtime::Buffer> inputs;
  std::vector<Array> arrays = data.arrays();
  for (Array& array : arrays) inputs.push_back(session.state().device()->wrap(array.mutable_data(), array.bytes()));
  std::vector<int64_t> rows(data.rows);
  std::iota(rows.begin(), rows.end(), 0);
  step.executable->run(step.entry,
                       {.segments = session.state().segments(), .inputs = inputs, .outputs = {}, .rows = rows});
  Logs logs;
  for (const auto& [metric, value] : run.read_logs(job)) logs.set(metric, value);
  return logs;
}

}  // namespace

Logs Model::train_on_batch(const Arrays& x, const Arrays& y, BatchOptions options) {
  return run_on_batch(*this, Job::train, x, y, options);
}

Logs Model::test_on_batch(const Arrays& x, const Arrays& y, BatchOptions options) {
  return run_on_batch(*this, Job::evaluate, x, y, options);
}

Arrays Model::predict_on_batch(const Arrays& x) {
  if (x.empty()) throw ValueError("predict_on_batch: x holds no array.");
  int64_t rows = x[0].valid() && !x[0].shape().empty() ? x[0].shape()[0] : 1;
  return predict(x, {.batch_size = std::max<int64_t>(rows, 1), .verbose = 0});
}

void Model::reset_metrics() {
  ModelState& state = *model_state();
  if (state.training) state.training->reset_metrics();
}

Verbose::Verbose(const char* text) {
  if (std::string(text) != "auto")
    throw ValueError(std::string("`verbose` must be 0, 1, 2 or \"auto\". Received: ") + text);
}

int Verbose::level() const {
  if (level_ >= 0) return level_;
  return isatty(STDOUT_FILENO) ? 1 : 2;
}

int64_t StepsPerExecution::checked(int64_t steps) {
  if (steps <= 0)
    throw ValueError("`steps_per_execution` must be positive. Received: steps_per_execution=" + std::to_string(steps));
  return steps;
}

StepsPerExecution::StepsPerExecution(const char* text) : steps_(0) {
  if (std::string(text) != "auto")
    throw ValueError(std::string("`steps_per_execution` must be a positive number or \"auto\". Received: ") + text);
}

}  // namespace hornbeam
