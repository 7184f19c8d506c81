// The checks that every call passes before a device runs it.
#include <hornbeam/runtime/device.h>

#include <algorithm>

#include <hornbeam/base/error.h>

namespace hornbeam::runtime {
namespace {

constexpr int64_t kMaxBytes = int64_t{1} << 47;

// The bytes of axes first .. rank-1. Shapes of a program are static and of sane size, or it is refused here.
int64_t bytes_of(const Port& port, int64_t first, const std::string& entry) {
  int64_t bytes = static_cast<int64_t>(size_of(port.dtype));
  for (int64_t axis = first; axis < port.shape.rank(); ++axis)
    if (port.shape[axis] < 0 || __builtin_mul_overflow(bytes, port.shape[axis], &bytes) || bytes > kMaxBytes)
      throw ValueError("Entry '" + entry + "': '" + port.name + "' has the impossible shape " + port.shape.to_string());
  if (size_of(port.dtype) == 0)
    throw ValueError("Entry '" + entry + "': '" + port.name +
                     "' has no numeric dtype. Received: dtype=" + std::string(name_of(port.dtype)));
  return bytes;
}

const char* const kSegmentNames[kNumSegments] = {"weights", "slots", "metrics"};

}  // namespace

Executable::Executable(Program program) : program_(std::move(program)) {
  std::vector<StateVariable> state = program_.state;
  segment_bytes_ = lay_out(state);
  for (size_t i = 0; i < state.size(); ++i)
    if (state[i].offset != program_.state[i].offset)
      throw ValueError("The program's state is not laid out: variable '" + state[i].name + "' should lie at byte " +
                       std::to_string(state[i].offset) +
                       " of its segment. Received: " + std::to_string(program_.state[i].offset));
  for (const Entry& entry : program_.entries) {
    EntrySizes sizes;
    for (const Port& input : entry.inputs) {
      if (input.shape.empty() || input.shape[0] != entry.batch_size)
        throw ValueError("Entry '" + entry.name + "': the first axis of input '" + input.name +
                         "' must be the batch size " + std::to_string(entry.batch_size) +
                         ". Received: shape=" + input.shape.to_string());
      sizes.input_row_bytes.push_back(bytes_of(input, 1, entry.name));
    }
    for (const Port& output : entry.outputs) sizes.output_bytes.push_back(bytes_of(output, 0, entry.name));
    sizes_.push_back(std::move(sizes));
  }
}

int Executable::find(const std::string& name) const {
  std::string names;
  for (size_t i = 0; i < program_.entries.size(); ++i) {
    if (program_.entries[i].name == name) return static_cast<int>(i);
    names += (names.empty() ? "'" : ", '") + program_.entries[i].name + "'";
  }
  throw ValueError("The program has no entry '" + name + "'. It has: " + (names.empty() ? "none" : names));
}

void Executable::set_profiler(HornbeamProfiler*) {
  throw NotImplementedError("This device cannot profile its programs: it runs none.");
}

void Executable::run(int index, const CallArguments& arguments) {
  if (index < 0 || static_cast<size_t>(index) >= program_.entries.size())
    throw ValueError("The program has " + std::to_string(program_.entries.size()) +
                     " entries. Received: entry=" + std::to_string(index));
  check(program_.entries[index], sizes_[index], arguments);
  run_checked(index, arguments);
}

void Executable::check(const Entry& entry, const EntrySizes& sizes, const CallArguments& arguments) const {
  auto refuse = [&](const std::string& what) { throw ValueError("Entry '" + entry.name + "': " + what); };

  for (int i = 0; i < kNumSegments; ++i) {
    if (segment_bytes_[i] == 0) continue;
    if (!arguments.segments) refuse("the program has state, but no segments were given.");
    const Buffer& segment = arguments.segments[i];
    if (segment.valid() && static_cast<int64_t>(segment.bytes()) < segment_bytes_[i])
      refuse("the segment of " + std::string(kSegmentNames[i]) + " needs " + std::to_string(segment_bytes_[i]) +
             " bytes. Received: " + std::to_string(segment.bytes()));
  }

  if (arguments.steps < 0) refuse("steps must not be negative. Received: steps=" + std::to_string(arguments.steps));
  if (arguments.inputs.size() != entry.inputs.size())
    refuse("expected " + std::to_string(entry.inputs.size()) +
           " inputs. Received: " + std::to_string(arguments.inputs.size()));
  if (arguments.outputs.size() != entry.outputs.size())
    refuse("expected " + std::to_string(entry.outputs.size()) +
           " outputs. Received: " + std::to_string(arguments.outputs.size()));

  if (!entry.inputs.empty()) {
    int64_t num_rows = INT64_MAX;
    for (size_t i = 0; i < entry.inputs.size(); ++i) {
      if (!arguments.inputs[i].valid()) refuse("input '" + entry.inputs[i].name + "' is no buffer.");
      int64_t row_bytes = sizes.input_row_bytes[i];
      if (row_bytes == 0) continue;
      int64_t bytes = static_cast<int64_t>(arguments.inputs[i].bytes());
      if (bytes % row_bytes != 0)
        refuse("a row of input '" + entry.inputs[i].name + "' has " + std::to_string(row_bytes) +
               " bytes, which do not divide the buffer. Received: " + std::to_string(bytes) + " bytes");
      num_rows = std::min(num_rows, bytes / row_bytes);
    }
    int64_t needed = 0;
    if (__builtin_mul_overflow(arguments.steps, entry.batch_size, &needed) ||
        static_cast<int64_t>(arguments.rows.size()) != needed)
      refuse(std::to_string(arguments.steps) + " steps of " + std::to_string(entry.batch_size) +
             " rows need as many row numbers. Received: " + std::to_string(arguments.rows.size()));
    if (!arguments.rows_are_checked) {
      bool inside = true;
      for (int64_t row : arguments.rows) inside &= static_cast<uint64_t>(row) < static_cast<uint64_t>(num_rows);
      if (!inside) {
        auto outside = std::find_if(arguments.rows.begin(), arguments.rows.end(), [&](int64_t row) {
          return static_cast<uint64_t>(row) >= static_cast<uint64_t>(num_rows);
        });
        refuse("row numbers must lie in [0, " + std::to_string(num_rows) + "). Received: " + std::to_string(*outside));
      }
    }
  }

  for (size_t i = 0; i < entry.outputs.size(); ++i) {
    int64_t needed = sizes.output_bytes[i];
    if (entry.outputs[i].per_batch && __builtin_mul_overflow(needed, arguments.steps, &needed)) needed = INT64_MAX;
    if (!arguments.outputs[i].valid() || static_cast<int64_t>(arguments.outputs[i].bytes()) < needed)
      refuse("output '" + entry.outputs[i].name + "' needs " + std::to_string(needed) +
             " bytes. Received: " + std::to_string(arguments.outputs[i].bytes()));
  }
}

}  // namespace hornbeam::runtime
