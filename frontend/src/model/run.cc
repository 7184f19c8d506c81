#include "frontend/src/model/run.h"

#include <algorithm>
#include <typeinfo>

#include <hornbeam/runtime/threads.h>

#include "frontend/src/layer_state.h"
#include "frontend/src/model/host_split.h"
#include "frontend/src/model/loaded_slots.h"

namespace hornbeam {
namespace {

using runtime::Segment;

const char* const kMetricResults = "metric_results";

struct BuildsOptimizer {
  explicit BuildsOptimizer(ModelState& state) : state(state) { state.builds_optimizer = true; }
  ~BuildsOptimizer() { state.builds_optimizer = false; }
  ModelState& state;
};

std::vector<Shape> shapes_of(const std::vector<trace::Spec>& specs) {
  std::vector<Shape> shapes;
  for (const trace::Spec& spec : specs) shapes.push_back(spec.shape);
  return shapes;
}

// A Model that was loaded or copied from an object of a user's class is not of that class itself.
bool is_sliced(const Model& model, const Model& shared) { return typeid(model) != typeid(shared); }

}  // namespace

Run::Run(Model& model)
    : shared_(std::dynamic_pointer_cast<Model>(model.shared())),
      model_(is_sliced(model, *shared_) ? *shared_ : model),
      state_(*model.model_state()) {}

void Run::prepare(Job job, const Data& data, int64_t batch_size) {
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
  give_loaded_slots(model_);
  if (trains)
    for (const Optimizer& optimizer : optimizers()) session.add(Segment::slots, optimizer->variables());
  session.bind();
}

void Run::learn_step(Job job, const BatchSpec& batch) {
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

void Run::check_targets(const Data& data) const {
  state_.training->check_targets(data.y.size());
  check_labels(data, *state_.training, y_pred_);
}

void Run::request(Job job, const Data& data, int64_t batch_size, std::vector<Session::Request>& requests) {
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

void Run::request_results(Job job, std::vector<Session::Request>& requests) {
  requests.push_back({results_key(job), kMetricResults, [this, job](ir::Builder& builder, const std::string& function) {
                        trace_metric_results(*state_.training, *state_.session, builder, function, report(job));
                      }});
}

void Run::compile(const std::vector<Session::Request>& requests) {
  int threads = state_.options && state_.options->num_threads ? state_.options->num_threads : num_threads();
  state_.session->compile(requests, threads, state_.options ? state_.options->dump_dir : "");
}

const runtime::Step& Run::step_for(Job job, const Data& data, int64_t rows) {
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

void Run::fill(Job job, const Data& data, int64_t batch_size, int64_t steps_per_execution, runtime::Job& plan) {
  Session& session = *state_.session;
  plan.state = &session.state();
  if (data.rows >= batch_size) plan.step = session.step(data.spec(batch_size).key(job));
  if (data.rows % batch_size) plan.short_step = session.step(data.spec(data.rows % batch_size).key(job));
  plan.data = data.arrays();
  plan.batch_size = batch_size;
  plan.steps_per_execution = steps_per_execution;
  plan.stop = &stop;
}

runtime::LogValues Run::read_logs(Job job) {
  Session& session = *state_.session;
  const runtime::Step& step = session.step(results_key(job));
  const runtime::Entry& entry = *step.executable->program().find(step.entry);
  std::vector<std::vector<float>> values;  // of most metrics one number, of some one for each class
  std::vector<runtime::Buffer> outputs;
  for (const runtime::Port& port : entry.outputs) {
    std::vector<float>& value = values.emplace_back(static_cast<size_t>(port.shape.num_elements()));
    outputs.push_back(session.state().device()->wrap(value.data(), value.size() * sizeof(float)));
  }
  session.state().segment(Segment::metrics);
  step.executable->run(step.entry, {.segments = session.state().segments(), .inputs = {}, .outputs = outputs});
  runtime::LogValues logs;
  std::vector<std::string> names = result_names(*state_.training, report(job));
  for (size_t i = 0; i < names.size(); ++i) {
    if (entry.outputs[i].shape.rank() == 0)
      logs.emplace_back(names[i], values[i][0]);
    else
      logs.emplace_back(names[i], runtime::LogNumber(std::vector<double>(values[i].begin(), values[i].end())));
  }
  return logs;
}

std::vector<std::string> Run::output_names() const {
  std::vector<std::string> names = model_.output_names();
  if (!names.empty()) return names;
  if (structure_.is_map()) return structure_.keys();
  for (size_t i = 0; i < y_pred_.size(); ++i) names.push_back("output_" + std::to_string(i + 1));
  return names;
}

const StepReport* Run::report(Job job) const {
  const StepReport& report = job == Job::train ? state_.train_report : state_.test_report;
  return report.known ? &report : nullptr;
}

std::string Run::results_key(Job job) const {
  return !report(job) ? kMetricResults : std::string(kMetricResults) + (job == Job::train ? "/train" : "/test");
}

std::vector<Optimizer> Run::optimizers() const {
  std::vector<Optimizer> all = state_.optimizers;
  all.insert(all.begin(), model_.optimizer());
  std::erase_if(all, [](const Optimizer& optimizer) { return !optimizer->built(); });
  return all;
}

}  // namespace hornbeam
