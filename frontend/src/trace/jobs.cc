#include "frontend/src/trace/jobs.h"

#include <hornbeam/gradient.h>
#include <hornbeam/ops/elementwise.h>

#include "frontend/src/mask.h"
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

  auto next = f.inputs.begin();
  std::vector<Tensor> xs(next, next + batch.x.size());
  Tensors x = Tensors::with_structure(batch.x_structure, xs);
  if (job == Job::predict) {
    Tensors y_pred = model.invoke(x, {.training = false});
    std::vector<ir::Result> results;
    for (size_t i = 0; i < y_pred.size(); ++i)
      results.push_back({f.trace.value(y_pred[i]), "output" + std::to_string(i), ir::Role::batch, true});
    return f.finish(session, std::move(results));
  }
  next += batch.x.size();
  std::vector<Tensor> y(next, next + batch.y.size());
  next += batch.y.size();
  std::vector<Tensor> weights;
  for (bool has : batch.has_weight) weights.push_back(has ? *next++ : Tensor());

  Tensors y_pred;
  // What is differentiated, the loss, then y_pred and its masks, then each output's loss.
  auto forward = [&] {
    y_pred = model.invoke(x, {.training = job == Job::train});
    training->take_output_losses();  // none are left of a trace that failed
    Tensor loss = ops::cast(model.compute_loss(x, tree_of(y), y_pred, tree_of(weights)), DType::float32);
    std::vector<Tensor> results{job == Job::train ? model.optimizer()->scale_loss(loss) : loss, loss};
    results.insert(results.end(), y_pred.begin(), y_pred.end());
    for (const Tensor& output : y_pred)
      if (Tensor mask = mask_of(output)) results.push_back(mask);
    for (const Tensor& each : training->take_output_losses()) results.push_back(each);
    return results;
  };
  std::vector<Tensor> results;
  if (job == Job::train) {
    const Optimizer& optimizer = model.optimizer();
    Gradient gradient = value_and_grad(forward, optimizer->trainable_variables());
    results = gradient.aux;
    optimizer->apply(gradient.grads);
  } else {
    results = forward();
    results.erase(results.begin());
  }
  auto result = results.begin();
  Tensor loss = *result++;
  std::vector<Tensor> outputs(result, result + static_cast<std::ptrdiff_t>(y_pred.size()));
  result += static_cast<std::ptrdiff_t>(y_pred.size());
  for (size_t i = 0; i < outputs.size(); ++i)
    if (mask_of(y_pred[i])) outputs[i] = with_mask(outputs[i], *result++);
  y_pred = Tensors::with_structure(y_pred, std::move(outputs));
  training->update_losses(loss, std::vector<Tensor>(result, results.end()), batch.size);
  model.compute_metrics(x, tree_of(y), y_pred, tree_of(weights));
  f.finish(session);
}

void trace_metric_results(Training& training, Session& session, ir::Builder& builder, const std::string& function) {
  Function f(builder, function, session, {Segment::metrics}, {});
  trace::Trace::Scope scope(f.trace);
  std::vector<ir::Result> results;
  for (const auto& [name, result] : training.results()) {
    if (result.rank() != 0)
      throw ValueError("The metric '" + name + "' must give a scalar. Received: a result of shape " +
                       result.shape().to_string());
    results.push_back({f.trace.value(ops::cast(result, DType::float32)), name, ir::Role::batch, false});
  }
  f.finish(session, std::move(results));
}

}  // namespace hornbeam
