// A device: memory, and the means to run a Program on it. The cpu runs programs in host memory; the null device has the
// same memory, checks every call in the same way and runs nothing (tests, dry runs, measuring the loop around a
// program).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <hornbeam/runtime/program.h>

extern "C" struct HornbeamProfiler;  // profiler.h

namespace hornbeam::runtime {

// A handle of device memory. Copies share the memory; it is freed with the last one. A wrapped buffer owns nothing.
class Buffer {
 public:
  Buffer() = default;
  Buffer(std::shared_ptr<void> address, size_t bytes) : address_(std::move(address)), bytes_(bytes) {}

  bool valid() const { return address_ != nullptr; }
  void* address() const { return address_.get(); }  // on the device
  size_t bytes() const { return bytes_; }

 private:
  std::shared_ptr<void> address_;
  size_t bytes_ = 0;
};

// The arguments of one call. Everything is borrowed for the call.
struct CallArguments {
  // The kNumSegments state segments, or null if the program has no state. An invalid Buffer stands for a segment that
  // the entry does not touch (slots, when predicting).
  const Buffer* segments = nullptr;
  std::span<const Buffer> inputs;      // [any number of rows, ...] each, in the entry's order
  std::span<const Buffer> outputs;     // [steps * batch_size, ...] each, or one of the port's shape if not per_batch
  std::span<const int64_t> rows = {};  // steps * batch_size row numbers; empty for an entry without inputs
  int64_t steps = 1;
  // The caller has checked that the row numbers lie in the inputs (once, for many calls).
  bool rows_are_checked = false;
};

// A Program made ready to run on a device. Its arena is allocated here, once, for the entry that needs most; a call
// allocates nothing. Calls from several threads run one after the other.
class Executable {
 public:
  virtual ~Executable() = default;

  const Program& program() const { return program_; }
  // The number of an entry. Throws ValueError that names the entries there are.
  int find(const std::string& entry) const;

  // Runs an entry and returns when it is done. Throws ValueError if an argument does not fit the entry; then nothing
  // was run. steps = 0 is a call that does nothing.
  void run(int entry, const CallArguments& arguments);
  void run(const std::string& entry, const CallArguments& arguments) { run(find(entry), arguments); }

  // Who is told when kernels end; null: nobody. Not while a call runs. Throws ValueError if the program was not compiled to
  // tell it, NotImplementedError where the device cannot.
  virtual void set_profiler(HornbeamProfiler* profiler);

 protected:
  // Throws ValueError if the program is inconsistent (shapes, layout).
  explicit Executable(Program program);
  // Runs checked arguments.
  virtual void run_checked(int entry, const CallArguments& arguments) = 0;

 private:
  struct EntrySizes {  // worked out once, so that checking a call is a few comparisons
    std::vector<int64_t> input_row_bytes;
    std::vector<int64_t> output_bytes;
  };
  void check(const Entry& entry, const EntrySizes& sizes, const CallArguments& arguments) const;

  Program program_;
  std::vector<int64_t> segment_bytes_;
  std::vector<EntrySizes> sizes_;
};

class Device {
 public:
  virtual ~Device() = default;

  virtual std::string name() const = 0;  // "cpu", "null"
  // Zeroed memory, 64-byte aligned. Throws ValueError if it cannot be had; zero bytes give a valid buffer.
  virtual Buffer allocate(size_t bytes) = 0;
  // Host memory as a buffer, without a copy; an invalid Buffer if the device cannot work in host memory. The caller
  // keeps the memory alive.
  virtual Buffer wrap(void* host, size_t bytes) = 0;
  // Host to device and back. Throws ValueError if offset + bytes exceeds the buffer.
  virtual void copy_in(const Buffer& to, size_t offset, const void* host, size_t bytes) = 0;
  virtual void copy_out(const Buffer& from, size_t offset, void* host, size_t bytes) = 0;
  // Throws ValueError if this machine cannot run the program's target, IOError if its image is damaged.
  virtual std::unique_ptr<Executable> load(Program program) = 0;
};

// One per process.
std::shared_ptr<Device> cpu_device();
std::shared_ptr<Device> null_device();

}  // namespace hornbeam::runtime
