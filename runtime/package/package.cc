// The package file: "HBPROG1\n", the payload's length (8 bytes), its CRC-32 (4 bytes), both little-endian, and the
// payload, a program.proto message. Protobuf alone would take many a cut-off message for a whole one; the header does
// not.
#include <hornbeam/runtime/package.h>

#include <climits>
#include <set>

#include <zlib.h>

#include <hornbeam/base/error.h>

#include "runtime/data/file.h"
#include "runtime/package/host_graph_message.h"
#include "runtime/package/program.pb.h"

namespace hornbeam::runtime {
namespace {

constexpr std::string_view kMagic = "HBPROG1\n";
constexpr size_t kHeaderBytes = kMagic.size() + 8 + 4;
constexpr int64_t kMaxArenaBytes = int64_t{1} << 47;  // the user address space of x86-64
constexpr int32_t kMaxThreads = 4096;

void put_little_endian(std::string& out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
}

uint64_t get_little_endian(std::string_view bytes) {
  uint64_t value = 0;
  for (size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return value;
}

uint32_t checksum(std::string_view bytes) {
  return static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

template <typename Message>
void put_shape(const Shape& shape, Message& message) {
  for (int64_t dim : shape) message.add_shape(dim);
}

void put_port(const Port& port, hornbeam_package::Port& message) {
  message.set_name(port.name);
  message.set_dtype(std::string(name_of(port.dtype)));
  put_shape(port.shape, message);
  message.set_per_batch(port.per_batch);
}

// Turns a message into a Program, checking each field; every refusal names the package and what is wrong in it.
class Reader {
 public:
  explicit Reader(const std::string& origin) : origin_(origin) {}

  Program program(hornbeam_package::Program& message) {
    Program program;
    program.target = std::move(*message.mutable_target());
    program.image = std::move(*message.mutable_image());
    for (const hornbeam_package::StateVariable& variable : message.state())
      program.state.push_back(state_variable(variable));
    check_layout(program.state);
    for (const hornbeam_package::Entry& entry : message.entries()) program.entries.push_back(this->entry(entry));
    check_unique(program.entries, "entry");
    try {
      program.prologue = get_host_graph(message.prologue());
      program.epilogue = get_host_graph(message.epilogue());
    } catch (const ValueError& error) {
      refuse(error.what());
    }
    return program;
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw IOError("'" + origin_ + "' is no usable program package: " + what + ".");
  }

  DType dtype(const std::string& name, const std::string& owner) const {
    std::optional<DType> dtype = dtype_from_name(name);
    if (!dtype || size_of(*dtype) == 0) refuse(owner + " has the dtype '" + name + "', which no program can have");
    return *dtype;
  }

  template <typename Message>
  Shape shape(const Message& message, DType dtype, const std::string& owner) const {
    Shape shape(std::vector<int64_t>(message.shape().begin(), message.shape().end()));
    int64_t bytes = static_cast<int64_t>(size_of(dtype));
    for (int64_t dim : shape)
      if (dim < 0 || __builtin_mul_overflow(bytes, dim, &bytes) || bytes > kMaxArenaBytes)
        refuse(owner + " has the impossible shape " + shape.to_string());
    return shape;
  }

  template <typename Items>
  void check_unique(const Items& items, const std::string& kind) const {
    std::set<std::string_view> names;
    for (const auto& item : items) {
      if (item.name.empty()) refuse("a nameless " + kind);
      if (!names.insert(item.name).second) refuse("two of kind " + kind + " are named '" + item.name + "'");
    }
  }

  StateVariable state_variable(const hornbeam_package::StateVariable& message) const {
    StateVariable variable;
    std::string owner = "state variable '" + message.name() + "'";
    variable.name = message.name();
    variable.dtype = dtype(message.dtype(), owner);
    variable.shape = shape(message, variable.dtype, owner);
    if (message.segment() >= kNumSegments) refuse(owner + " lies in segment " + std::to_string(message.segment()));
    variable.segment = static_cast<Segment>(message.segment());
    variable.offset = message.offset();
    return variable;
  }

  // The code has offsets built in, so the stored ones must be those that the layout gives.
  void check_layout(const std::vector<StateVariable>& state) const {
    check_unique(state, "state variable");
    std::vector<StateVariable> expected = state;
    try {
      lay_out(expected);
    } catch (const ValueError& error) {
      refuse(error.what());
    }
    for (size_t i = 0; i < state.size(); ++i)
      if (state[i].offset != expected[i].offset)
        refuse("state variable '" + state[i].name + "' lies at byte " + std::to_string(state[i].offset) +
               " of its segment, " + std::to_string(expected[i].offset) + " was expected");
  }

  Port port(const hornbeam_package::Port& message, const std::string& owner) const {
    Port port;
    port.name = message.name();
    std::string whose = owner + "'s '" + message.name() + "'";
    port.dtype = dtype(message.dtype(), whose);
    port.shape = shape(message, port.dtype, whose);
    port.per_batch = message.per_batch();
    return port;
  }

  Entry entry(const hornbeam_package::Entry& message) const {
    Entry entry;
    std::string owner = "entry '" + message.name() + "'";
    entry.name = message.name();
    entry.symbol = message.symbol();
    entry.batch_size = message.batch_size();
    entry.arena_bytes = message.arena_bytes();
    entry.num_threads = message.num_threads();
    if (entry.symbol.empty() || entry.symbol.find('\0') != std::string::npos) refuse(owner + " has no symbol");
    if (entry.batch_size < 0 || entry.batch_size > kMaxArenaBytes)
      refuse(owner + " has a batch size of " + std::to_string(entry.batch_size));
    if (entry.arena_bytes < 0 || entry.arena_bytes > kMaxArenaBytes)
      refuse(owner + " asks for an arena of " + std::to_string(entry.arena_bytes) + " bytes");
    if (entry.num_threads < 1 || entry.num_threads > kMaxThreads)
      refuse(owner + " asks for " + std::to_string(entry.num_threads) + " threads");
    for (const hornbeam_package::Port& input : message.inputs()) {
      entry.inputs.push_back(port(input, owner));
      const Port& port = entry.inputs.back();
      if (port.shape.empty() || port.shape[0] != entry.batch_size)
        refuse(owner + " has a batch size of " + std::to_string(entry.batch_size) + ", but its input '" + port.name +
               "' has the shape " + port.shape.to_string());
    }
    for (const hornbeam_package::Port& output : message.outputs()) entry.outputs.push_back(port(output, owner));
    return entry;
  }

  const std::string& origin_;
};

}  // namespace

std::string serialize(const Program& program) {
  hornbeam_package::Program message;
  message.set_target(program.target);
  message.set_image(program.image);
  for (const StateVariable& variable : program.state) {
    hornbeam_package::StateVariable& out = *message.add_state();
    out.set_name(variable.name);
    out.set_dtype(std::string(name_of(variable.dtype)));
    put_shape(variable.shape, out);
    out.set_segment(static_cast<uint32_t>(variable.segment));
    out.set_offset(variable.offset);
  }
  for (const Entry& entry : program.entries) {
    hornbeam_package::Entry& out = *message.add_entries();
    out.set_name(entry.name);
    out.set_symbol(entry.symbol);
    out.set_batch_size(entry.batch_size);
    out.set_arena_bytes(entry.arena_bytes);
    out.set_num_threads(entry.num_threads);
    for (const Port& port : entry.inputs) put_port(port, *out.add_inputs());
    for (const Port& port : entry.outputs) put_port(port, *out.add_outputs());
  }
  if (!program.prologue.empty()) put_host_graph(program.prologue, *message.mutable_prologue());
  if (!program.epilogue.empty()) put_host_graph(program.epilogue, *message.mutable_epilogue());
  if (message.ByteSizeLong() > INT_MAX)
    throw ValueError("A program of " + std::to_string(message.ByteSizeLong()) +
                     " bytes cannot be saved; 2 GiB is the most.");
  std::string payload = message.SerializeAsString();
  std::string bytes(kMagic);
  put_little_endian(bytes, payload.size(), 8);
  put_little_endian(bytes, checksum(payload), 4);
  return bytes + payload;
}

Program parse(std::string_view bytes, const std::string& origin) {
  auto refuse = [&](const std::string& what) {
    throw IOError("'" + origin + "' is no whole program package: " + what + ".");
  };
  if (bytes.substr(0, kMagic.size()) != kMagic.substr(0, bytes.size()) || bytes.empty())
    refuse("it does not begin with HBPROG1");
  if (bytes.size() < kHeaderBytes)
    refuse("its header has " + std::to_string(kHeaderBytes) + " bytes, received " + std::to_string(bytes.size()));
  uint64_t size = get_little_endian(bytes.substr(kMagic.size(), 8));
  uint32_t crc = static_cast<uint32_t>(get_little_endian(bytes.substr(kMagic.size() + 8, 4)));
  std::string_view payload = bytes.substr(kHeaderBytes);
  if (payload.size() != size)
    refuse(std::to_string(size) + " bytes were expected after the header, received " + std::to_string(payload.size()));
  if (checksum(payload) != crc) refuse("its checksum is wrong, some bytes have changed");
  hornbeam_package::Program message;
  if (size > INT_MAX || !message.ParseFromArray(payload.data(), static_cast<int>(size)))
    refuse("it holds no program message");
  return Reader(origin).program(message);
}

void save(const Program& program, const std::string& path) { write_file_atomically(path, serialize(program)); }

Program load(const std::string& path) { return parse(read_file(path), path); }

}  // namespace hornbeam::runtime
