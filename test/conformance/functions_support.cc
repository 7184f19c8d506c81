// Tracing, then the reference evaluator or native code.
#include "test/conformance/functions_support.h"

#include <hornbeam/gradient.h>
#include <hornbeam/ops.h>
#include <hornbeam/runtime/device.h>
#include <hornbeam/runtime/state.h>

#include <cstdlib>

#include "codegen/compiler.h"
#include "frontend/src/trace/trace.h"
#include "frontend/src/trace/trace_function.h"
#include "passes/autodiff/autodiff.h"

namespace hornbeam::conformance {
namespace {

using trace::TracedFunction;
using trace::unwrap;

std::vector<Array> evaluated(TracedFunction& function) {
  absl::Status status = passes::expand_gradients(function.module);
  if (!status.ok()) trace::raise(status);
  return trace::evaluate(function);
}

std::vector<Array> compiled(TracedFunction& function) {
  std::vector<runtime::StateVariable> variables;
  for (const ir::Argument& argument : function.signature)
    variables.push_back({argument.name, argument.type.dtype, argument.type.shape, runtime::Segment::weights, 0});
  runtime::State state(runtime::cpu_device(), variables);
  state.segment(runtime::Segment::weights);
  for (size_t i = 0; i < function.arguments.size(); ++i) state.write(function.signature[i].name, function.arguments[i]);
  std::unique_ptr<runtime::Executable> executable =
      runtime::cpu_device()->load(unwrap(codegen::compile(std::move(function.module), state.variables())));
  const runtime::Entry& entry = executable->program().entries.at(0);
  std::vector<Array> results;
  std::vector<runtime::Buffer> buffers;
  for (const runtime::Port& port : entry.outputs) {
    results.emplace_back(port.dtype, port.shape);
    buffers.push_back(runtime::cpu_device()->wrap(results.back().mutable_data(), results.back().bytes()));
  }
  executable->run(0, {.segments = state.segments(), .inputs = {}, .outputs = buffers});
  return results;
}

std::vector<Array> results_of(Path path, TracedFunction& function) {
  return path == Path::reference ? evaluated(function) : compiled(function);
}

}  // namespace

std::string name_of(Path path) { return path == Path::reference ? "reference" : "compiled"; }

std::vector<Path> paths() {
  const char* one = std::getenv("HORNBEAM_PATH");
  if (one && std::string(one) == "reference") return {Path::reference};
  if (one && std::string(one) == "compiled") return {Path::compiled};
  return {Path::reference, Path::compiled};
}

Ran run(Path path, const Function& function, const Arrays& inputs, const std::vector<Variable>& variables) {
  TracedFunction traced = trace::trace_function(function, inputs, variables);
  std::vector<Array> results = results_of(path, traced);
  Ran ran;
  auto at = results.begin();
  ran.outputs.assign(at, at + traced.num_outputs);
  at += traced.num_outputs;
  for (const Variable& variable : traced.assigned) variable.assign(*at++);
  ran.losses.assign(at, results.end());
  return ran;
}

std::vector<Array> gradients(Path path, const Function& function, const Arrays& inputs,
                             const std::vector<size_t>& wanted, const std::vector<Array>& dy,
                             const std::vector<Variable>& variables, const std::vector<Variable>& by) {
  auto differentiated = [&](const Tensors& arguments) {
    const std::vector<Tensor>& flat = arguments.flat();
    std::vector<Tensor> wrt;
    for (size_t i : wanted) wrt.push_back(flat[i]);
    wrt.insert(wrt.end(), by.begin(), by.end());
    // The cotangents are the last inputs.
    const size_t num_inputs = inputs.size();
    Gradient gradient = value_and_grad(
        [&](const std::vector<Tensor>&) {
          std::vector<Tensor> xs(flat.begin(), flat.begin() + num_inputs);
          Tensors outputs = function(Tensors::with_structure(inputs, std::move(xs)));
          Tensor total = ops::zeros({});
          size_t next = 0;
          for (const Tensor& output : outputs)
            if (is_float(output.dtype()) && next < dy.size())
              total = total + ops::cast(ops::sum(output * flat.at(num_inputs + next++)), DType::float32);
          if (next != dy.size()) throw ValueError("[conformance] There are more cotangents than float outputs");
          // Regularization does not take part, and what is made inside cannot be an output.
          trace::Trace::current()->losses.clear();
          return std::vector<Tensor>{total};
        },
        wrt);
    return Tensors(gradient.grads);
  };
  std::vector<Array> arguments = inputs.flat();
  arguments.insert(arguments.end(), dy.begin(), dy.end());
  TracedFunction traced = trace::trace_function(differentiated, Arrays(arguments), variables);
  std::vector<Array> results = results_of(path, traced);
  results.resize(traced.num_outputs);
  return results;
}

}  // namespace hornbeam::conformance
