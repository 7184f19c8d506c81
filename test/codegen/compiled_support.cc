#include "compiled_support.h"

#include <cmath>
#include <sstream>

#include <hornbeam/base/philox.h>
#include <hornbeam/runtime/device.h>
#include <hornbeam/runtime/state.h>

#include "passes/autodiff/autodiff.h"

namespace hornbeam::test {
namespace {

ir::Module build(const Function& function) {
  ir::Module module;
  ir::Builder builder(module);
  std::vector<ir::Argument> arguments;
  for (size_t i = 0; i < function.arguments.size(); ++i)
    arguments.push_back({"a" + std::to_string(i), function.arguments[i], ir::Role::state});
  std::vector<ir::Value> values = function.body(builder, builder.begin_function("f", arguments));
  std::vector<ir::Result> results;
  for (size_t i = 0; i < values.size(); ++i)
    results.push_back({values[i], "y" + std::to_string(i), ir::Role::batch, false});
  absl::Status status = builder.end_function(results);
  if (!status.ok()) throw Error(std::string(status.message()));
  return module;
}

}  // namespace

std::vector<Array> random_arguments(const std::vector<ir::Type>& types, uint32_t seed) {
  std::vector<Array> arrays;
  for (uint32_t a = 0; a < types.size(); ++a) {
    Array array(types[a].dtype, types[a].shape);
    for (int64_t i = 0; i < array.num_elements(); ++i) {
      float unit = unit_float(philox4x32({static_cast<uint32_t>(i), a, 0, 0}, {seed, 7})[0]);
      if (is_float(types[a].dtype))
        array.set(i, 4 * unit - 2);
      else if (types[a].dtype == DType::boolean)
        array.set(i, unit < 0.5f);
      else
        array.set_int(i, static_cast<int64_t>(unit * 8) - (is_signed_integer(types[a].dtype) ? 3 : 0));
    }
    arrays.push_back(array);
  }
  return arrays;
}

std::vector<Array> evaluate(const Function& function, const std::vector<Array>& arguments) {
  ir::Module module = build(function);
  absl::Status expanded = passes::expand_gradients(module);
  if (!expanded.ok()) throw Error(std::string(expanded.message()));
  absl::StatusOr<std::vector<Array>> results = ir::evaluate_function(module, "f", arguments);
  if (!results.ok()) throw Error(std::string(results.status().message()));
  return *results;
}

absl::StatusOr<std::vector<Array>> run_compiled(const Function& function, const std::vector<Array>& arguments,
                                                int threads) {
  std::vector<runtime::StateVariable> variables;
  for (size_t i = 0; i < arguments.size(); ++i)
    variables.push_back({"a" + std::to_string(i), arguments[i].dtype(), arguments[i].shape()});
  runtime::State state(runtime::cpu_device(), variables);
  for (size_t i = 0; i < arguments.size(); ++i) state.write("a" + std::to_string(i), arguments[i]);
  const char* dump = std::getenv("HORNBEAM_TEST_DUMP");
  absl::StatusOr<runtime::Program> program =
      codegen::compile(build(function), state.variables(),
                       {.num_threads = threads, .work_worth_sharing = 1, .dump_dir = dump ? dump : ""});
  if (!program.ok()) return program.status();
  std::unique_ptr<runtime::Executable> executable = runtime::cpu_device()->load(*program);
  std::vector<Array> results;
  std::vector<runtime::Buffer> outputs;
  for (const runtime::Port& port : program->entries[0].outputs) {
    results.push_back(Array(port.dtype, port.shape));
    outputs.push_back(runtime::cpu_device()->wrap(results.back().mutable_data(), results.back().bytes()));
  }
  state.segment(runtime::Segment::weights);
  executable->run("f", {.segments = state.segments(), .outputs = outputs});
  return results;
}

std::string difference(const std::vector<Array>& compiled, const std::vector<Array>& reference, double rtol,
                       double atol) {
  for (size_t r = 0; r < reference.size(); ++r) {
    if (compiled[r].shape() != reference[r].shape() || compiled[r].dtype() != reference[r].dtype())
      return "result types differ";
    for (int64_t i = 0; i < reference[r].num_elements(); ++i) {
      double a = compiled[r].get(i), b = reference[r].get(i);
      bool equal = std::isnan(b) ? std::isnan(a)
                   : std::isinf(b)
                       ? a == b
                       : std::abs(a - b) <= (is_float(reference[r].dtype()) ? atol + rtol * std::abs(b) : 0);
      if (equal) continue;
      std::ostringstream text;
      text << "result " << r << ", element " << i << " of " << reference[r].shape().to_string() << ": compiled " << a
           << ", reference " << b;
      return text.str();
    }
  }
  return "";
}

std::string check(const Function& function, uint32_t seed, int threads, double rtol, double atol) {
  std::vector<Array> arguments = random_arguments(function.arguments, seed);
  absl::StatusOr<std::vector<Array>> compiled = run_compiled(function, arguments, threads);
  if (!compiled.ok()) return std::string(compiled.status().message());
  return difference(*compiled, evaluate(function, arguments), rtol, atol);
}

}  // namespace hornbeam::test
