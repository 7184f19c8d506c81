// The layout of state, and small queries of a Program.
#include <hornbeam/runtime/program.h>

#include <hornbeam/base/error.h>

namespace hornbeam::runtime {
namespace {

constexpr int64_t kAlignment = 64;

int64_t aligned_bytes(const StateVariable& variable) {
  int64_t bytes = static_cast<int64_t>(size_of(variable.dtype));
  if (bytes == 0)
    throw ValueError("State variable '" + variable.name +
                     "' has no numeric dtype. Received: dtype=" + std::string(name_of(variable.dtype)));
  for (int64_t dim : variable.shape) {
    if (dim < 0)
      throw ValueError("State variable '" + variable.name +
                       "' needs a static shape. Received: shape=" + variable.shape.to_string());
    if (__builtin_mul_overflow(bytes, dim, &bytes)) bytes = INT64_MAX;
    if (bytes > INT64_MAX - kAlignment)
      throw ValueError("State variable '" + variable.name + "' of shape " + variable.shape.to_string() +
                       " does not fit in memory.");
  }
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

}  // namespace

std::vector<int64_t> lay_out(std::vector<StateVariable>& variables) {
  std::vector<int64_t> bytes(kNumSegments, 0);
  for (StateVariable& variable : variables) {
    int64_t& end = bytes[static_cast<size_t>(variable.segment)];
    variable.offset = end;
    if (__builtin_add_overflow(end, aligned_bytes(variable), &end))
      throw ValueError("The state does not fit in memory: variable '" + variable.name + "' of shape " +
                       variable.shape.to_string() + " begins at byte " + std::to_string(variable.offset) + ".");
  }
  return bytes;
}

const Entry* Program::find(const std::string& name) const {
  for (const Entry& entry : entries)
    if (entry.name == name) return &entry;
  return nullptr;
}

}  // namespace hornbeam::runtime
