#include "frontend/src/eager.h"

#include <list>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include <hornbeam/metric.h>
#include <hornbeam/runtime/device.h>
#include <hornbeam/runtime/state.h>

#include "codegen/compiler.h"
#include "frontend/src/tensor_impl.h"
#include "frontend/src/trace/notes.h"
#include "frontend/src/trace/trace.h"
#include "frontend/src/trace/trace_function.h"

namespace hornbeam {
namespace {

// The programs used last, the latest first.
constexpr size_t kMostPrograms = 1024;
struct Compiled {
  std::string text;
  std::shared_ptr<runtime::Executable> executable;
};
struct Cache {
  std::mutex mutex;
  std::list<Compiled> programs;
  std::unordered_map<std::string_view, std::list<Compiled>::iterator> by_text;
};
Cache& cache() {
  static auto* cache = new Cache();
  return *cache;
}

std::vector<runtime::StateVariable> layout(const trace::TracedFunction& function) {
  std::vector<runtime::StateVariable> variables;
  for (const ir::Argument& argument : function.signature)
    variables.push_back({argument.name, argument.type.dtype, argument.type.shape, runtime::Segment::weights, 0});
  runtime::lay_out(variables);
  return variables;
}

std::shared_ptr<runtime::Executable> compiled(trace::TracedFunction& function) {
  Cache& c = cache();
  std::string text = function.module.to_string();
  std::lock_guard lock(c.mutex);
  if (auto at = c.by_text.find(text); at != c.by_text.end()) {
    c.programs.splice(c.programs.begin(), c.programs, at->second);
    return at->second->executable;
  }
  runtime::Program program = trace::unwrap(codegen::compile(std::move(function.module), layout(function)));
  std::shared_ptr<runtime::Executable> executable = runtime::cpu_device()->load(std::move(program));
  c.programs.push_front({std::move(text), executable});
  c.by_text.emplace(c.programs.front().text, c.programs.begin());
  if (c.programs.size() > kMostPrograms) {
    c.by_text.erase(c.programs.back().text);
    c.programs.pop_back();
  }
  return executable;
}

}  // namespace

using Function = std::function<std::vector<Tensor>(const std::vector<Tensor>&)>;

static std::vector<Array> arrays_of(const std::vector<Tensor>& tensors) {
  std::vector<Array> arrays;
  for (const Tensor& tensor : tensors) arrays.push_back(tensor.array());
  return arrays;
}

static std::vector<trace::Spec> specs_of(const std::vector<Array>& arrays) {
  std::vector<trace::Spec> specs;
  for (const Array& array : arrays) specs.push_back({array.dtype(), array.shape()});
  return specs;
}

static std::vector<Tensor> run(const std::vector<Tensor>& inputs, const std::vector<Array>& arrays,
                               const std::vector<Variable>& variables, const Function& function) {
  auto body = [&](const Tensors& xs) {
    // A weak scalar is traced as what it is, so that promotion comes out as it would in a trace.
    std::vector<Tensor> given = xs.flat();
    for (size_t i = 0; i < given.size(); ++i) {
      if (inputs[i].impl()->weak) given[i] = trace::with_notes(given[i], [](TensorImpl& impl) { impl.weak = true; });
    }
    return Tensors(function(given));
  };
  trace::TracedFunction traced = trace::trace_function(body, Arrays(arrays), variables);
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

std::vector<Tensor> run_eagerly(const std::vector<Tensor>& inputs, const Function& function, const Layer* layer) {
  std::vector<Array> arrays = arrays_of(inputs);
  std::vector<Variable> variables;
  if (layer) {
    // Variables that the layer has not made yet come to be while types are inferred.
    trace::infer(specs_of(arrays), function);
    variables = layer->variables();
    for (const auto& metric : layer->metrics())
      variables.insert(variables.end(), metric->variables().begin(), metric->variables().end());
  }
  return run(inputs, arrays, variables, function);
}

void forget_programs() {
  Cache& c = cache();
  std::lock_guard lock(c.mutex);
  c.by_text.clear();
  c.programs.clear();
}

std::vector<Tensor> run_eagerly_with_variables(const std::vector<Tensor>& inputs, const Function& function) {
  std::vector<Array> arrays = arrays_of(inputs);
  std::vector<Tensor> placeholders;
  for (const Array& array : arrays) placeholders.push_back(trace::Trace::placeholder(array.dtype(), array.shape()));
  trace::Trace probe(nullptr);
  {
    trace::Trace::Scope scope(probe);
    function(placeholders);
  }
  return run(inputs, arrays, probe.used(), function);
}

}  // namespace hornbeam
