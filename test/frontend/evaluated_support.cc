// Tracing and the reference evaluator.
#include "test/frontend/evaluated_support.h"

#include "frontend/src/trace/trace.h"
#include "frontend/src/trace/trace_function.h"
#include "passes/autodiff/autodiff.h"

namespace hornbeam::testing {

std::vector<Array> evaluated(const std::function<Tensors(const Tensors&)>& function, const Arrays& inputs,
                             const std::vector<Variable>& variables) {
  trace::TracedFunction traced = trace::trace_function(function, inputs, variables);
  absl::Status status = passes::expand_gradients(traced.module);
  if (!status.ok()) trace::raise(status);
  std::vector<Array> results = trace::evaluate(traced);
  for (size_t i = 0; i < traced.assigned.size(); ++i) traced.assigned[i].assign(results[traced.num_outputs + i]);
  results.resize(traced.num_outputs);
  return results;
}

double number(const std::function<Tensor(const Tensors&)>& function, const Arrays& inputs) {
  return evaluated([&](const Tensors& xs) -> Tensors { return function(xs); }, inputs).at(0).get(0);
}

}  // namespace hornbeam::testing
