// Compiled functions: traced like a step of fit, with the variables that they use in a state that they share with others.
#include <hornbeam/function.h>

#include <list>
#include <mutex>
#include <unordered_map>

#include <hornbeam/runtime/threads.h>

#include "codegen/compiler.h"
#include "frontend/src/model/session.h"
#include "frontend/src/tensor_impl.h"
#include "frontend/src/trace/notes.h"
#include "frontend/src/trace/trace.h"
#include "frontend/src/variable_impl.h"

namespace hornbeam::internal {
namespace {

using runtime::Segment;

constexpr const char* kEntry = "function";

struct Program {
  std::string key;
  std::unique_ptr<runtime::Executable> executable;  // null for a function that gives and changes nothing
  std::vector<Segment> segments;
  std::any structure;
};

std::string key_of(const std::vector<Tensor>& inputs) {
  std::string key;
  for (const Tensor& input : inputs) {
    key += "/" + std::string(name_of(input.dtype())) + input.shape().to_string();
    if (input.impl()->weak) key += "w";
  }
  return key;
}

// A scalar as Python's is one in the trace, too.
Tensor as_given(Tensor traced, const Tensor& input) {
  if (!input.impl()->weak) return traced;
  return trace::with_notes(traced, [](TensorImpl& impl) { impl.weak = true; });
}

std::vector<Variable> variables_of(const std::vector<Tensor>& inputs, const CompiledFunction::Body& body) {
  trace::Trace probe(nullptr);
  trace::Trace::Scope scope(probe);
  std::vector<Tensor> placeholders;
  for (const Tensor& input : inputs)
    placeholders.push_back(as_given(trace::Trace::placeholder(input.dtype(), input.shape()), input));
  body(placeholders);
  return probe.used();
}

// An input is one row of an array, so that it needs no batch axis of its own.
Shape as_row(const Shape& shape) {
  std::vector<int64_t> dims{1};
  dims.insert(dims.end(), shape.begin(), shape.end());
  return Shape(std::move(dims));
}

}  // namespace

struct CompiledFunction::State {
  FunctionOptions options;
  std::mutex mutex;
  std::shared_ptr<Session> session;
  std::list<Program> programs;  // used last first
  std::unordered_map<std::string, std::list<Program>::iterator> by_key;
  size_t num_traces = 0;

  // The session in which the variables live already, if they do, so that their values need not go to and fro.
  void join(const std::vector<Variable>& variables) {
    for (size_t i = 0; !session && i < variables.size(); ++i) session = variables[i].impl()->session.lock();
    if (!session) session = std::make_shared<Session>();
  }

  Program compile(const std::vector<Tensor>& inputs, const Body& body) {
    std::vector<Variable> variables = variables_of(inputs, body);
    join(variables);
    session->add(Segment::weights, variables);
    session->bind();

    Program made;
    ir::Module module;
    ir::Builder builder(module);
    std::vector<ir::Argument> arguments;
    for (const Variable& variable : variables) {
      arguments.push_back({session->name_of(variable), {variable.dtype(), variable.shape()}, ir::Role::state});
      made.segments.push_back(session->segment_of(variable));
    }
    for (size_t i = 0; i < inputs.size(); ++i)
      arguments.push_back({"x" + std::to_string(i), {inputs[i].dtype(), as_row(inputs[i].shape())}, ir::Role::batch});
    std::vector<ir::Value> values = builder.begin_function(kEntry, arguments);
    std::vector<ir::Result> results;
    {
      trace::Trace trace(&builder);
      trace::Trace::Scope scope(trace);
      for (size_t i = 0; i < variables.size(); ++i) trace.bind(variables[i], values[i]);
      std::vector<Tensor> xs;
      for (size_t i = 0; i < inputs.size(); ++i) {
        Tensor row = trace.wrap(values[variables.size() + i]);
        xs.push_back(as_given(trace::emit("reshape", {row}, {{"shape", inputs[i].shape().dims()}}), inputs[i]));
      }
      Result result = body(xs);
      made.structure = std::move(result.structure);
      for (const Tensor& tensor : result.tensors)
        results.push_back({trace.value(tensor), "y" + std::to_string(results.size()), ir::Role::batch, false});
      for (const Variable& variable : variables)
        if (trace.is_assigned(variable))
          results.push_back({trace.value(trace.read(variable)), session->name_of(variable), ir::Role::state});
    }
    ++num_traces;
    if (results.empty()) return made;
    absl::Status status = builder.end_function(results);
    if (!status.ok()) trace::raise(status);
    int threads = options.num_threads ? options.num_threads : hornbeam::num_threads();
    runtime::Program program = trace::unwrap(codegen::compile(std::move(module), session->state().variables(),
                                                              {.num_threads = threads, .dump_dir = options.dump_dir}));
    made.executable = session->state().device()->load(std::move(program));
    session->state().check(made.executable->program());
    return made;
  }

  Result run(const Program& program, const std::vector<Tensor>& inputs) {
    Result result;
    result.structure = program.structure;
    if (!program.executable) return result;
    runtime::State& state = session->state();
    for (Segment segment : program.segments) state.segment(segment);
    const runtime::Entry& entry = program.executable->program().entries.at(0);
    std::vector<Array> arrays;
    std::vector<runtime::Buffer> data, outputs;
    for (const Tensor& input : inputs) {
      arrays.push_back(input.array());
      data.push_back(state.device()->wrap(arrays.back().mutable_data(), arrays.back().bytes()));
    }
    for (const runtime::Port& port : entry.outputs) {
      Array array(port.dtype, port.shape);
      outputs.push_back(state.device()->wrap(array.mutable_data(), array.bytes()));
      result.tensors.push_back(Tensor(std::move(array)));
    }
    const int64_t row = 0;
    std::span<const int64_t> rows(&row, inputs.empty() ? 0 : 1);
    program.executable->run(0, {.segments = state.segments(), .inputs = data, .outputs = outputs, .rows = rows});
    return result;
  }
};

CompiledFunction::CompiledFunction(FunctionOptions options) : state_(std::make_shared<State>()) {
  if (options.max_programs < 1)
    throw ValueError("function: `max_programs` must be positive. Received: max_programs=0");
  state_->options = std::move(options);
}

CompiledFunction::Result CompiledFunction::call(const std::string& structure, const std::vector<Tensor>& inputs,
                                                const Body& body) const {
  bool compiles = !trace::Trace::current();
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (!inputs[i]) throw ValueError("function: argument tensor " + std::to_string(i + 1) + " is none.");
    compiles &= !inputs[i].is_symbolic();
  }
  if (!compiles) return body(inputs);
  State& state = *state_;
  std::lock_guard lock(state.mutex);
  std::string key = structure + key_of(inputs);
  auto at = state.by_key.find(key);
  if (at == state.by_key.end()) {
    Program made = state.compile(inputs, body);
    made.key = key;
    state.programs.push_front(std::move(made));
    state.by_key[key] = state.programs.begin();
    if (state.programs.size() > state.options.max_programs) {
      state.by_key.erase(state.programs.back().key);
      state.programs.pop_back();
    }
  } else {
    state.programs.splice(state.programs.begin(), state.programs, at->second);
  }
  if (state.session) state.session->bind();
  return state.run(state.programs.front(), inputs);
}

size_t CompiledFunction::num_programs() const {
  std::lock_guard lock(state_->mutex);
  return state_->programs.size();
}

size_t CompiledFunction::num_traces() const {
  std::lock_guard lock(state_->mutex);
  return state_->num_traces;
}

}  // namespace hornbeam::internal
