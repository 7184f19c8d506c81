#include "frontend/src/trace/jobs.h"

#include <algorithm>

#include <hornbeam/ops/elementwise.h>

#include "frontend/src/model/host_split.h"

namespace hornbeam {
namespace {

using runtime::Segment;

std::vector<Segment> segments_of(Job job) {
  switch (job) {
    case Job::train:
      return {Segment::weights, Segment::slots, Segment::metrics};
    case Job::evaluate:
      return {Segment::weights, Segment::metrics};
    case Job::predict:
      return {Segment::weights};
  }
  return {};
}

std::string text(const std::vector<trace::Spec>& specs) {
  std::string out;
  for (const trace::Spec& spec : specs) out += std::string(name_of(spec.dtype)) + spec.shape.to_string() + ";";
  return out;
}

// One tensor by itself, or a list.
Tensors tree_of(const std::vector<Tensor>& tensors) {
  return tensors.size() == 1 ? Tensors(tensors[0]) : Tensors(tensors);
}

// The data of a batch from its flat list: x, y, then the sample weights that there are.
StepData step_data(const BatchSpec& batch, const std::vector<Tensor>& flat) {
  auto next = flat.begin();
  auto take = [&](size_t count) {
    std::vector<Tensor> part(next, next + static_cast<std::ptrdiff_t>(count));
    next += static_cast<std::ptrdiff_t>(count);
    return part;
  };
  StepData data{Tensors::with_structure(batch.x_structure, take(batch.x.size()))};
  if (next == flat.end()) return data;
  data.y = tree_of(take(batch.y.size()));
  std::vector<Tensor> weights;
  for (bool has : batch.has_weight) weights.push_back(has ? *next++ : Tensor());
  data.sample_weight = tree_of(weights);
  return data;
}

std::vector<trace::Spec> all_specs(const BatchSpec& batch) {
  std::vector<trace::Spec> specs = batch.x;
  specs.insert(specs.end(), batch.y.begin(), batch.y.end());
  specs.insert(specs.end(), batch.weights.begin(), batch.weights.end());
  return specs;
}

void check_scalar(const char* step, const std::string& name, const Tensor& value) {
  if (!value || value.rank() != 0)
    throw ValueError(std::string(step) + ": what is reported as '" + name + "' must be a scalar. Received: " +
                     (value ? "shape " + value.shape().to_string() : "no tensor"));
}

const char* step_name(Job job) { return job == Job::train ? "train_step" : "test_step"; }

// Puts what a step reports where it is read from.
void keep(Job job, const StepReport& report, const StepLogs& logs) {
  auto fits = [&](size_t i) { return report.entries[i].name == logs.entries()[i].first; };
  bool same = report.entries.size() == logs.entries().size();
  for (size_t i = 0; same && i < report.entries.size(); ++i) same = fits(i);
  if (!same) throw ValueError(std::string(step_name(job)) + " must report the same names for batches of every size.");
  for (size_t i = 0; i < report.entries.size(); ++i) {
    const auto& [name, entry] = logs.entries()[i];
    if (entry.metric()) continue;
    check_scalar(step_name(job), name, entry.value());
    report.entries[i].value.assign(ops::cast(entry.value(), DType::float32));
  }
}

// An open function: its trace, its arguments as tensors, and what it will give back.
struct Function {
  Function(ir::Builder& builder, const std::string& name, Session& session, const std::vector<Segment>& segments,
           const std::vector<ir::Argument>& batch)
      : builder(builder), trace(&builder), variables(session.variables(segments)) {
    std::vector<ir::Argument> arguments = session.arguments(segments);
    size_t states = arguments.size();
    arguments.insert(arguments.end(), batch.begin(), batch.end());
    std::vector<ir::Value> values = builder.begin_function(name, arguments);
    for (size_t i = 0; i < states; ++i) trace.bind(variables[i], values[i]);
    for (size_t i = states; i < values.size(); ++i) inputs.push_back(trace.wrap(values[i]));
  }

  // State that was assigned, and these outputs.
  void finish(Session& session, std::vector<ir::Result> results = {}) {
    for (const Variable& variable : variables)
      if (trace.is_assigned(variable))
        results.push_back({trace.value(trace.read(variable)), session.name_of(variable), ir::Role::state});
    absl::Status status = builder.end_function(results);
    if (!status.ok()) trace::raise(status);
  }

  ir::Builder& builder;
  trace::Trace trace;
  std::vector<Variable> variables;
  std::vector<Tensor> inputs;
};

}  // namespace

std::string BatchSpec::key(Job job) const {
  static const char* const kNames[] = {"train", "evaluate", "predict"};
  std::string key = std::string(kNames[static_cast<int>(job)]) + "/" + std::to_string(size) + "/" + text(x);
  if (job == Job::predict) return key;
  key += "/" + text(y) + "/" + text(weights) + "/";
  for (bool has : has_weight) key += has ? "1" : "0";
  return key;
}

BatchSpec BatchSpec::resized(int64_t rows) const {
  BatchSpec other = *this;
  other.size = rows;
  for (auto* list : {&other.x, &other.y, &other.weights})
    for (trace::Spec& spec : *list) spec.shape[0] = rows;
  return other;
}

std::vector<trace::Spec> infer_outputs(const Model& model, const BatchSpec& batch, bool training, Tensors* structure) {
  CoreScope core(model);
  return trace::infer(batch.x, [&](const std::vector<Tensor>& xs) {
    Tensors out = model.invoke(Tensors::with_structure(batch.x_structure, xs), {.training = training});
    if (structure) *structure = out;
    return out.flat();
  });
}

std::vector<trace::Spec> infer_predict_step(Model& model, const BatchSpec& batch, Tensors* structure) {
  CoreScope core(model);
  return trace::infer(batch.x, [&](const std::vector<Tensor>& xs) {
    *structure = model.predict_step({Tensors::with_structure(batch.x_structure, xs)});
    return structure->flat();
  });
}

StepLogs infer_step(Job job, Model& model, const BatchSpec& batch) {
  CoreScope core(model);
  trace::Trace trace(nullptr);
  trace::Trace::Scope scope(trace);
  std::vector<Tensor> inputs;
  for (const trace::Spec& spec : all_specs(batch)) inputs.push_back(trace::Trace::placeholder(spec.dtype, spec.shape));
  StepData data = step_data(batch, inputs);
  StepLogs logs = job == Job::train ? model.train_step(data) : model.test_step(data);
  for (const auto& [name, entry] : logs.entries())
    if (!entry.metric()) check_scalar(step_name(job), name, entry.value());
  return logs;
}

void trace_job(Job job, Model& model, Training* training, Session& session, const BatchSpec& batch,
               const std::vector<std::string>& output_names, ir::Builder& builder, const std::string& function) {
  CoreScope core(model);
  std::vector<ir::Argument> arguments;
  auto add = [&](const char* prefix, const std::vector<trace::Spec>& specs) {
    for (size_t i = 0; i < specs.size(); ++i)
      arguments.push_back({prefix + std::to_string(i), {specs[i].dtype, specs[i].shape}, ir::Role::batch});
  };
  add("x", batch.x);
  if (job != Job::predict) {
    add("y", batch.y);
    add("sample_weight", batch.weights);
  }
  std::vector<Segment> segments = segments_of(job);
  // A layer that tracks a metric updates it whenever it is called.
  if (job == Job::predict && !model.metrics().empty()) segments.push_back(Segment::metrics);
  Function f(builder, function, session, segments, arguments);
  trace::Trace::Scope scope(f.trace);

  StepData data = step_data(batch, f.inputs);
  if (job == Job::predict) {
    Tensors y_pred = model.predict_step(data);
    std::vector<ir::Result> results;
    for (size_t i = 0; i < y_pred.size(); ++i)
      results.push_back({f.trace.value(y_pred[i]), "output" + std::to_string(i), ir::Role::batch, true});
    return f.finish(session, std::move(results));
  }
  StepLogs logs = job == Job::train ? model.train_step(data) : model.test_step(data);
  const ModelState& state = *model.model_state();
  const StepReport& report = job == Job::train ? state.train_report : state.test_report;
  if (report.known) keep(job, report, logs);
  f.finish(session);
}

namespace {

using Results = std::vector<std::pair<std::string, Tensor>>;

// `own` takes the place of those of the same names; all sorted.
template <class T>
std::vector<std::pair<std::string, T>> merged(std::vector<std::pair<std::string, T>> all,
                                              const std::vector<std::pair<std::string, T>>& own) {
  for (const auto& entry : own) {
    std::erase_if(all, [&](const auto& other) { return other.first == entry.first; });
    all.push_back(entry);
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return all;
}

}  // namespace

void trace_metric_results(Training& training, Session& session, ir::Builder& builder, const std::string& function,
                          const StepReport* report) {
  Function f(builder, function, session, {Segment::metrics}, {});
  trace::Trace::Scope scope(f.trace);
  Results all, own;
  if (!report || report->all_metrics) all = training.results();
  if (report)
    for (const StepReport::Entry& entry : report->entries)
      own.emplace_back(entry.name, entry.metric ? entry.metric->result() : Tensor(entry.value));
  std::vector<ir::Result> results;
  for (const auto& [name, result] : merged(std::move(all), own)) {
    if (result.rank() > 1)
      throw ValueError("The metric '" + name +
                       "' must give a scalar, or one for each class. Received: a result of shape " +
                       result.shape().to_string());
    results.push_back({f.trace.value(ops::cast(result, DType::float32)), name, ir::Role::batch, false});
  }
  f.finish(session, std::move(results));
}

std::vector<std::string> result_names(const Training& training, const StepReport* report) {
  std::vector<std::pair<std::string, int>> all, own;
  if (!report || report->all_metrics)
    for (const std::string& name : training.names()) all.emplace_back(name, 0);
  if (report)
    for (const StepReport::Entry& entry : report->entries) own.emplace_back(entry.name, 0);
  std::vector<std::string> names;
  for (const auto& [name, none] : merged(std::move(all), own)) names.push_back(name);
  return names;
}

}  // namespace hornbeam
