// The state of a model on a device.
#include <hornbeam/runtime/state.h>

#include <algorithm>

#include <hornbeam/base/error.h>

namespace hornbeam::runtime {
namespace {

std::string describe(DType dtype, const Shape& shape) {
  return "dtype=" + std::string(name_of(dtype)) + ", shape=" + shape.to_string();
}

}  // namespace

State::State(std::shared_ptr<Device> device, std::vector<StateVariable> variables) : device_(std::move(device)) {
  extend(std::move(variables));
}

void State::extend(std::vector<StateVariable> variables) {
  std::vector<StateVariable> all = variables_;
  std::unordered_map<std::string, size_t> by_name = by_name_;
  for (StateVariable& variable : variables) {
    if (!by_name.emplace(variable.name, all.size()).second)
      throw ValueError("Two state variables are named '" + variable.name + "'. Names must be unique in a model.");
    all.push_back(std::move(variable));
  }
  std::vector<int64_t> bytes = lay_out(all);  // in order, so the variables that are there stay where they are

  // Segments in use move to larger ones.
  std::array<Buffer, kNumSegments> segments = segments_;
  std::array<std::vector<uint8_t>, kNumSegments> initial = initial_;
  for (int i = 0; i < kNumSegments; ++i) {
    if (!segments_[i].valid() || bytes[i] == bytes_[i]) continue;
    std::vector<uint8_t> image = snapshot(static_cast<Segment>(i));
    segments[i] = device_->allocate(static_cast<size_t>(bytes[i]));
    device_->copy_in(segments[i], 0, image.data(), image.size());
    if (!initial[i].empty()) initial[i].resize(static_cast<size_t>(bytes[i]), 0);
  }
  variables_ = std::move(all);
  by_name_ = std::move(by_name);
  std::copy(bytes.begin(), bytes.end(), bytes_.begin());
  segments_ = std::move(segments);
  initial_ = std::move(initial);
}

const StateVariable& State::variable(const std::string& name) const {
  auto found = by_name_.find(name);
  if (found == by_name_.end()) throw ValueError("There is no state variable '" + name + "'.");
  return variables_[found->second];
}

const Buffer& State::segment(Segment segment) {
  Buffer& buffer = segments_[index(segment)];
  if (!buffer.valid()) buffer = device_->allocate(static_cast<size_t>(bytes_[index(segment)]));
  return buffer;
}

Array State::read(const std::string& name) const {
  const StateVariable& variable = this->variable(name);
  Array value(variable.dtype, variable.shape);
  const Buffer& segment = segments_[index(variable.segment)];
  if (segment.valid())
    device_->copy_out(segment, static_cast<size_t>(variable.offset), value.mutable_data(), value.bytes());
  return value;
}

void State::write(const std::string& name, const Array& value) {
  const StateVariable& variable = this->variable(name);
  if (value.dtype() != variable.dtype || value.shape() != variable.shape)
    throw ValueError("State variable '" + name + "' has " + describe(variable.dtype, variable.shape) +
                     ". Received a value with " + describe(value.dtype(), value.shape()));
  device_->copy_in(segment(variable.segment), static_cast<size_t>(variable.offset), value.data(), value.bytes());
}

std::vector<uint8_t> State::snapshot(Segment segment) const {
  std::vector<uint8_t> image(static_cast<size_t>(bytes_[index(segment)]), 0);
  const Buffer& buffer = segments_[index(segment)];
  if (buffer.valid()) device_->copy_out(buffer, 0, image.data(), image.size());
  return image;
}

void State::restore(Segment segment, const std::vector<uint8_t>& image) {
  if (static_cast<int64_t>(image.size()) != bytes_[index(segment)])
    throw ValueError("A snapshot of this segment has " + std::to_string(bytes_[index(segment)]) +
                     " bytes. Received: " + std::to_string(image.size()));
  device_->copy_in(this->segment(segment), 0, image.data(), image.size());
}

void State::set_initial(Segment segment) { initial_[index(segment)] = snapshot(segment); }

void State::reset(Segment segment) {
  const std::vector<uint8_t>& image = initial_[index(segment)];
  if (!image.empty())
    restore(segment, image);
  else if (is_allocated(segment))
    restore(segment, std::vector<uint8_t>(static_cast<size_t>(bytes_[index(segment)]), 0));
}

void State::check(const Program& program) const {
  for (const StateVariable& expected : program.state) {
    auto found = by_name_.find(expected.name);
    if (found == by_name_.end())
      throw ValueError("The program works on a state variable '" + expected.name + "', which this state lacks.");
    const StateVariable& here = variables_[found->second];
    if (here.dtype != expected.dtype || here.shape != expected.shape)
      throw ValueError("The program was compiled for state variable '" + expected.name + "' with " +
                       describe(expected.dtype, expected.shape) + ". Received: " + describe(here.dtype, here.shape));
    if (here.segment != expected.segment || here.offset != expected.offset)
      throw ValueError("The program expects state variable '" + expected.name + "' at byte " +
                       std::to_string(expected.offset) + " of segment " +
                       std::to_string(static_cast<int>(expected.segment)) + ". Received: byte " +
                       std::to_string(here.offset) + " of segment " + std::to_string(static_cast<int>(here.segment)));
  }
}

}  // namespace hornbeam::runtime
