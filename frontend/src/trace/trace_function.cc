#include "frontend/src/trace/trace_function.h"

#include "frontend/src/trace/trace.h"

namespace hornbeam::trace {

TracedFunction trace_function(const std::function<Tensors(const Tensors&)>& function, const Arrays& inputs,
                              const std::vector<Variable>& variables) {
  TracedFunction traced;
  for (size_t i = 0; i < variables.size(); ++i) {
    traced.arguments.push_back(variables[i].value());
    traced.signature.push_back(
        {"v" + std::to_string(i), {variables[i].dtype(), variables[i].shape()}, ir::Role::state});
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    traced.arguments.push_back(inputs[i]);
    traced.signature.push_back({"x" + std::to_string(i), {inputs[i].dtype(), inputs[i].shape()}, ir::Role::state});
  }
  ir::Builder builder(traced.module);
  std::vector<ir::Value> arguments = builder.begin_function(traced.name, traced.signature);
  Trace trace(&builder);
  Trace::Scope scope(trace);
  for (size_t i = 0; i < variables.size(); ++i) trace.bind(variables[i], arguments[i]);
  std::vector<Tensor> xs;
  for (size_t i = 0; i < inputs.size(); ++i) xs.push_back(trace.wrap(arguments[variables.size() + i]));
  traced.structure = function(Tensors::with_structure(inputs, xs));

  std::vector<ir::Result> results;
  auto output = [&](const Tensor& tensor) {
    results.push_back({trace.value(tensor), "y" + std::to_string(results.size()), ir::Role::batch, false});
  };
  for (const Tensor& tensor : traced.structure) output(tensor);
  traced.num_outputs = results.size();
  for (size_t i = 0; i < variables.size(); ++i) {
    if (!trace.is_assigned(variables[i])) continue;
    traced.assigned.push_back(variables[i]);
    output(trace.read(variables[i]));
  }
  for (const Tensor& loss : trace.losses) output(loss);
  traced.losses = trace.losses;
  absl::Status status = builder.end_function(results);
  if (!status.ok()) raise(status);
  return traced;
}

std::vector<Array> evaluate(const TracedFunction& function) {
  return unwrap(ir::evaluate_function(function.module, function.name, function.arguments));
}

}  // namespace hornbeam::trace
