// runtime_alone PROGRAM.hbp ENTRY [STEPS]: loads a saved program and runs an entry on rows 0, 1, 2, … of zeros, the
// state beginning with zeros. Prints each output and state variable with the sum of its elements.
#include <cstdio>
#include <exception>
#include <numeric>
#include <string>
#include <vector>

#include <hornbeam/runtime/runtime.h>

using hornbeam::Array;
using hornbeam::Shape;
namespace runtime = hornbeam::runtime;

namespace {

double sum(const Array& array) {
  double total = 0;
  for (int64_t i = 0; i < array.num_elements(); ++i) total += array.get(i);
  return total;
}

void print(const char* kind, const std::string& name, const Array& array) {
  std::printf("%s %s %s %s sum=%.9g\n", kind, name.c_str(), std::string(hornbeam::name_of(array.dtype())).c_str(),
              array.shape().to_string().c_str(), sum(array));
}

Array zeros(const runtime::Port& port, int64_t batches) {
  Shape shape = port.shape;
  if (!shape.empty()) shape[0] *= batches;
  return Array(port.dtype, shape);
}

void run(const std::string& path, const std::string& name, int64_t steps) {
  auto device = runtime::cpu_device();
  auto executable = device->load(runtime::load(path));
  const runtime::Entry& entry = executable->program().entries[executable->find(name)];
  runtime::State state(device, executable->program().state);
  for (int i = 0; i < runtime::kNumSegments; ++i) state.segment(static_cast<runtime::Segment>(i));

  std::vector<Array> inputs, outputs;
  std::vector<runtime::Buffer> input_buffers, output_buffers;
  for (const runtime::Port& port : entry.inputs) {
    inputs.push_back(zeros(port, steps));
    input_buffers.push_back(device->wrap(inputs.back().mutable_data(), inputs.back().bytes()));
  }
  for (const runtime::Port& port : entry.outputs) {
    outputs.push_back(zeros(port, port.per_batch ? steps : 1));
    output_buffers.push_back(device->wrap(outputs.back().mutable_data(), outputs.back().bytes()));
  }
  std::vector<int64_t> rows(entry.inputs.empty() ? 0 : static_cast<size_t>(steps * entry.batch_size));
  std::iota(rows.begin(), rows.end(), int64_t{0});
  runtime::CallArguments arguments;
  arguments.segments = state.segments();
  arguments.inputs = input_buffers;
  arguments.outputs = output_buffers;
  arguments.rows = rows;
  arguments.steps = steps;
  executable->run(name, arguments);

  for (size_t i = 0; i < outputs.size(); ++i) print("output", entry.outputs[i].name, outputs[i]);
  for (const runtime::StateVariable& variable : state.variables())
    print("state", variable.name, state.read(variable.name));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) {
    std::fprintf(stderr, "usage: runtime_alone PROGRAM.hbp ENTRY [STEPS]\n");
    return 2;
  }
  try {
    run(argv[1], argv[2], argc == 4 ? std::stoll(argv[3]) : 1);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "runtime_alone: %s\n", error.what());
    return 1;
  }
}
