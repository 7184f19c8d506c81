// Host memory as device memory: what the cpu and the null device have in common.
#pragma once

#include <hornbeam/runtime/device.h>

namespace hornbeam::runtime {

class HostMemoryDevice : public Device {
 public:
  Buffer allocate(size_t bytes) override;
  Buffer wrap(void* host, size_t bytes) override;
  void copy_in(const Buffer& to, size_t offset, const void* host, size_t bytes) override;
  void copy_out(const Buffer& from, size_t offset, void* host, size_t bytes) override;
};

// Zeroed host memory for HostMemoryDevice and arenas.
Buffer allocate_host_memory(size_t bytes);

// The most that an entry of the program needs.
int64_t arena_bytes(const Program& program);

}  // namespace hornbeam::runtime
