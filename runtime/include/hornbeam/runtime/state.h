// The state of a model on a device: weights, optimizer slots and metrics, each segment one buffer, shared by all
// programs that were compiled from the same list of variables and updated in place by them.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <hornbeam/base/array.h>
#include <hornbeam/runtime/device.h>
#include <hornbeam/runtime/program.h>

namespace hornbeam::runtime {

class State {
 public:
  // Lays `variables` out; all are zero. Nothing is allocated yet. Throws ValueError if a name stands twice.
  State(std::shared_ptr<Device> device, std::vector<StateVariable> variables);

  const std::shared_ptr<Device>& device() const { return device_; }
  const std::vector<StateVariable>& variables() const { return variables_; }  // with their offsets
  bool contains(const std::string& name) const { return by_name_.contains(name); }
  const StateVariable& variable(const std::string& name) const;  // throws ValueError

  // Adds variables at the end of their segments; what is there keeps its place and its value.
  void extend(std::vector<StateVariable> variables);

  int64_t segment_bytes(Segment segment) const { return bytes_[index(segment)]; }
  bool is_allocated(Segment segment) const { return segments_[index(segment)].valid(); }
  const Buffer& segment(Segment segment);  // allocates it when first asked
  // The kNumSegments buffers for CallArguments, those allocated that is; ask segment() first for those a call needs.
  const Buffer* segments() const { return segments_.data(); }

  // Copies of a variable out of the state and into it. Throws ValueError for an unknown name or another dtype or shape.
  Array read(const std::string& name) const;
  void write(const std::string& name, const Array& value);

  // A whole segment's bytes, to come back to: zeros if it was not allocated. restore throws ValueError for another
  // size.
  std::vector<uint8_t> snapshot(Segment segment) const;
  void restore(Segment segment, const std::vector<uint8_t>& image);

  // Makes the segment's present values the ones that reset() brings back; before that, reset() brings zeros.
  void set_initial(Segment segment);
  void reset(Segment segment);

  // Throws ValueError unless each of the program's state variables lies in this state at the same place.
  void check(const Program& program) const;

 private:
  static size_t index(Segment segment) { return static_cast<size_t>(segment); }

  std::shared_ptr<Device> device_;
  std::vector<StateVariable> variables_;
  std::unordered_map<std::string, size_t> by_name_;
  std::array<int64_t, kNumSegments> bytes_{};
  std::array<Buffer, kNumSegments> segments_;
  std::array<std::vector<uint8_t>, kNumSegments> initial_;
};

}  // namespace hornbeam::runtime
