#include "frontend/src/eager.h"

#include <memory>
#include <mutex>
#include <unordered_map>

#include <hornbeam/metric.h>
#include <hornbeam/runtime/device.h>
#include <hornbeam/runtime/state.h>

#include "codegen/compiler.h"
#include "frontend/src/tensor_impl.h"
#include "frontend/src/trace/trace.h"
#include "frontend/src/trace/trace_function.h"

namespace hornbeam {
namespace {

struct Compiled {
  std::shared_ptr<runtime::Executable> executable;
};

std::mutex cache_mutex;
std::unordered_map<std::string, Compiled>& cache() {
  static auto* programs = new std::unordered_map<std::string, Compiled>();
  return *programs;
}

std::vector<runtime::StateVariable> layout(const trace::TracedFunction& function) {
  std::vector<runtime::StateVariable> variables;
  for (const ir::Argument& argument : function.signature)
    variables.push_back({argument.name, argument.type.dtype, argument.type.shape, runtime::Segment::weights, 0});
  runtime::lay_out(variables);
  return variables;
}

std::shared_ptr<runtime::Executable> compiled(trace::TracedFunction& function) {
  std::string text = function.module.to_string();
  std::lock_guard lock(cache_mutex);
  auto at = cache().find(text);
  if (at != cache().end()) return at->second.executable;
  runtime::Program program = trace::unwrap(codegen::compile(std::move(function.module), layout(function)));
  std::shared_ptr<runtime::Executable> executable = runtime::cpu_device()->load(std::move(program));
  cache().emplace(std::move(text), Compiled{executable});
  return executable;
}

}  // namespace

std::vector<Tensor> run_eagerly(const std::vector<Tensor>& inputs,
                                const std::function<std::vector<Tensor>(const std::vector<Tensor>&)>& function,
                                const Layer* layer) {
  std::vector<Array> arrays;
  for (const Tensor& input : inputs) arrays.push_back(input.array());
  auto run = [&](const Tensors& xs) {
    // A weak scalar is traced as what it is, so that promotion comes out as it would in a trace.
    std::vector<Tensor> given = xs.flat();
    for (size_t i = 0; i < given.size(); ++i) {
      if (!inputs[i].impl()->weak) continue;
      TensorImpl impl = *given[i].impl();
      impl.weak = true;
      given[i] = make_tensor(std::move(impl));
    }
    return Tensors(function(given));
  };
  // Variables that the layer has not made yet come to be while types are inferred.
  if (layer) {
    std::vector<trace::Spec> specs;
    for (const Array& array : arrays) specs.push_back({array.dtype(), array.shape()});
    trace::infer(specs, function);
  }
  std::vector<Variable> variables;
  if (layer) {
    variables = layer->variables();
    for (const auto& metric : layer->metrics())
      variables.insert(variables.end(), metric->variables().begin(), metric->variables().end());
  }
  trace::TracedFunction traced = trace::trace_function(run, Arrays(arrays), variables);
  std::shared_ptr<runtime::Executable> executable = compiled(traced);

  runtime::State state(runtime::cpu_device(), layout(traced));
  state.segment(runtime::Segment::weights);
  for (size_t i = 0; i < traced.arguments.size(); ++i) state.write(traced.signature[i].name, traced.arguments[i]);
  const runtime::Entry& entry = executable->program().entries.at(0);
  std::vector<Array> results;
  std::vector<runtime::Buffer> buffers;
  for (const runtime::Port& port : entry.outputs) {
    results.emplace_back(port.dtype, port.shape);
    buffers.push_back(runtime::cpu_device()->wrap(results.back().mutable_data(), results.back().bytes()));
  }
  executable->run(0, {.segments = state.segments(), .inputs = {}, .outputs = buffers});
  for (size_t i = 0; i < traced.assigned.size(); ++i) traced.assigned[i].assign(results[traced.num_outputs + i]);
  results.resize(traced.num_outputs);
  return std::vector<Tensor>(results.begin(), results.end());
}

}  // namespace hornbeam
