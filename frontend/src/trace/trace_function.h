// Traces one function of tensors into a module of its own: for eager calls, and for tests that compare a function with
// the reference evaluator:
//
//   TracedFunction f = trace_function([&](const Tensors& x) { return layer.invoke(x, {.training = true}); }, {x},
//   layer.variables()); std::vector<Array> results = evaluate(f);     // f.num_outputs outputs, then the new values of
//   f.assigned
//
// For gradients, call value_and_grad inside the function.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <hornbeam/base/array.h>
#include <hornbeam/tensor.h>
#include <hornbeam/variable.h>

#include "ir/builder.h"

namespace hornbeam::trace {

struct TracedFunction {
  ir::Module module;
  std::string name = "function";
  std::vector<ir::Argument> signature;
  std::vector<Array> arguments;  // variables' values, then the inputs
  size_t num_outputs = 0;
  Tensors structure;               // of the outputs, as the function gave them (types only)
  std::vector<Variable> assigned;  // whose new values follow the outputs among the results
  std::vector<Tensor> losses;      // types of what add_loss got: further results after those
};

// All arguments have the role of state, so that none needs a batch axis.
TracedFunction trace_function(const std::function<Tensors(const Tensors&)>& function, const Arrays& inputs,
                              const std::vector<Variable>& variables = {});

// With the reference evaluator: outputs, new values of `assigned`, losses.
std::vector<Array> evaluate(const TracedFunction& function);

}  // namespace hornbeam::trace
