// value_and_grad and grad, in a trace and on concrete tensors.
#include <hornbeam/gradient.h>

#include <algorithm>

#include "frontend/src/eager.h"
#include "frontend/src/trace/trace.h"

namespace hornbeam {
namespace {

using Body = std::function<std::vector<Tensor>(const std::vector<Tensor>&)>;

// The function as one program of the tensors and the variables that it uses.
Gradient outside_a_trace(const std::vector<Tensor>& tensors, const std::vector<Variable>& variables, const Body& function) {
  size_t num_aux = 0;
  std::vector<Tensor> results = run_eagerly_with_variables(tensors, [&](const std::vector<Tensor>& xs) {
    std::vector<Tensor> wrt = xs;
    wrt.insert(wrt.end(), variables.begin(), variables.end());
    Gradient gradient = trace::Trace::current()->gradient([&] { return function(xs); }, wrt);
    num_aux = gradient.aux.size();
    std::vector<Tensor> all{gradient.value};
    all.insert(all.end(), gradient.aux.begin(), gradient.aux.end());
    all.insert(all.end(), gradient.grads.begin(), gradient.grads.end());
    return all;
  });
  auto aux = results.begin() + 1, grads = aux + static_cast<std::ptrdiff_t>(num_aux);
  return {results[0], {aux, grads}, {grads, results.end()}};
}

}  // namespace

Gradient value_and_grad(const std::function<std::vector<Tensor>()>& function, const std::vector<Variable>& wrt) {
  trace::Trace* trace = trace::Trace::current();
  if (!trace) return outside_a_trace({}, wrt, [&](const std::vector<Tensor>&) { return function(); });
  return trace->gradient(function, std::vector<Tensor>(wrt.begin(), wrt.end()));
}

Gradient value_and_grad(const Body& function, const std::vector<Tensor>& wrt) {
  trace::Trace* trace = trace::Trace::current();
  if (!trace) return outside_a_trace(wrt, {}, function);
  std::vector<Tensor> lifted;
  for (const Tensor& tensor : wrt) lifted.push_back(trace->lift(tensor));
  return trace->gradient([&] { return function(lifted); }, lifted);
}

Gradient value_and_grad(const std::function<Tensor()>& function, const std::vector<Variable>& wrt) {
  return value_and_grad([&] { return std::vector<Tensor>{function()}; }, wrt);
}

Gradient value_and_grad(const std::function<Tensor(const std::vector<Tensor>&)>& function,
                        const std::vector<Tensor>& wrt) {
  return value_and_grad([&](const std::vector<Tensor>& xs) { return std::vector<Tensor>{function(xs)}; }, wrt);
}

std::vector<Tensor> grad(const std::function<Tensor()>& function, const std::vector<Variable>& wrt) {
  return value_and_grad(function, wrt).grads;
}

std::vector<Tensor> grad(const std::function<Tensor(const std::vector<Tensor>&)>& function,
                         const std::vector<Tensor>& wrt) {
  return value_and_grad(function, wrt).grads;
}

}  // namespace hornbeam
