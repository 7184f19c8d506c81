// Loads a package and its weights and predicts in batches; the last one is filled up with its last row.
#include "tools/hornbeam/program.h"

#include <cstring>

#include <hornbeam/runtime/runtime.h>

#include "frontend/src/saving/safetensors.h"
#include "tools/hornbeam/data_files.h"

namespace hornbeam::cli {
namespace {

const char* const kPredict = "predict_step";

std::string beside(const std::string& path) {
  size_t dot = path.rfind('.'), slash = path.rfind('/');
  bool has_ending = dot != std::string::npos && (slash == std::string::npos || dot > slash);
  return (has_ending ? path.substr(0, dot) : path) + ".safetensors";
}

std::unique_ptr<runtime::State> read_state(const runtime::Program& program, const std::string& path) {
  auto state = std::make_unique<runtime::State>(runtime::cpu_device(), program.state);
  saving::SafeTensors file = saving::read_safetensors(path);
  for (const runtime::StateVariable& variable : program.state) {
    if (variable.segment != runtime::Segment::weights) continue;
    auto at = file.tensors.find(variable.name);
    if (at == file.tensors.end()) throw ValueError(path + ": there is no weight '" + variable.name + "'");
    state->write(variable.name, at->second);
  }
  return state;
}

// So many rows, the last one repeated.
Array filled_up(const Array& array, int64_t rows) {
  Shape shape = array.shape();
  int64_t have = shape[0];
  if (have == rows) return array;
  shape[0] = rows;
  Array full(array.dtype(), shape);
  size_t row = array.bytes() / static_cast<size_t>(have);
  char* to = static_cast<char*>(full.mutable_data());
  std::memcpy(to, array.data(), array.bytes());
  for (int64_t i = have; i < rows; ++i)
    std::memcpy(to + row * static_cast<size_t>(i), to + row * static_cast<size_t>(have - 1), row);
  return full;
}

}  // namespace

runtime::NamedArrays predict_with_program(const std::string& path, const std::string& weights,
                                          const std::string& input) {
  runtime::Program program = runtime::load(path);
  const runtime::Entry* found = program.find(kPredict);
  if (!found) throw ValueError(path + ": the package has no " + std::string(kPredict));
  runtime::Entry entry = *found;
  std::unique_ptr<runtime::State> state = read_state(program, weights.empty() ? beside(path) : weights);
  std::vector<std::string> names;
  if (program.prologue.empty())
    for (const runtime::Port& port : entry.inputs) names.push_back(port.name);
  for (const runtime::HostGraph::Input& each : program.prologue.inputs) names.push_back(each.name);
  std::vector<Array> arrays = read_arrays(names, input);
  if (!program.prologue.empty()) arrays = runtime::HostFunction(program.prologue).run(arrays);
  const runtime::HostGraph epilogue = program.epilogue;
  for (size_t i = 0; i < arrays.size(); ++i)
    if (arrays[i].dtype() != entry.inputs[i].dtype) arrays[i] = arrays[i].cast(entry.inputs[i].dtype);
  int64_t rows = arrays[0].shape().empty() ? 0 : arrays[0].shape()[0];
  if (rows == 0) throw ValueError(input + ": there are no rows");

  std::unique_ptr<runtime::Executable> executable = runtime::cpu_device()->load(std::move(program));
  runtime::PredictPlan plan;
  plan.state = state.get();
  plan.step = {executable.get(), kPredict};
  plan.batch_size = entry.batch_size;
  plan.steps_per_execution = 0;
  int64_t whole = (rows + entry.batch_size - 1) / entry.batch_size * entry.batch_size;
  for (const Array& array : arrays) {
    if (array.shape().empty() || array.shape()[0] != rows)
      throw ValueError(input + ": all arrays must have the same number of rows");
    plan.data.push_back(filled_up(array, whole));
  }
  runtime::FitObserver silent;
  std::vector<Array> outputs = runtime::run_predict(plan, silent);
  for (Array& output : outputs) output = output.rows(0, rows);
  if (!epilogue.empty()) outputs = runtime::HostFunction(epilogue).run(outputs);
  runtime::NamedArrays named;
  for (size_t i = 0; i < outputs.size(); ++i)
    named.emplace_back(epilogue.empty() ? entry.outputs[i].name : "y" + std::to_string(i), outputs[i]);
  return named;
}

}  // namespace hornbeam::cli
