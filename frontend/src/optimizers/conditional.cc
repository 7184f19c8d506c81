// Updates that count only under a condition.
#include "frontend/src/optimizers/conditional.h"

#include <hornbeam/ops.h>

#include "frontend/src/trace/trace.h"

namespace hornbeam::optimizers {

std::vector<Tensor> values_of(const std::vector<Variable>& variables) {
  trace::Trace* trace = trace::Trace::current();
  std::vector<Tensor> values;
  for (const Variable& variable : variables) values.push_back(trace ? trace->read(variable) : Tensor(variable.value()));
  return values;
}

void assign_where(const Tensor& condition, const std::vector<Variable>& variables,
                  const std::function<void()>& update) {
  std::vector<Tensor> before = values_of(variables);
  update();
  std::vector<Tensor> after = values_of(variables);
  for (size_t i = 0; i < variables.size(); ++i)
    if (!same(after[i], before[i])) variables[i].assign(ops::where(condition, after[i], before[i]));
}

}  // namespace hornbeam::optimizers
