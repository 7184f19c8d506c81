// Zeroed, aligned host memory, in huge pages where it is large.
#include "runtime/device/host_memory.h"

#include <algorithm>
#include <cstring>

#include <sys/mman.h>

#include <hornbeam/base/error.h>

#include "runtime/base/src/memory.h"

namespace hornbeam::runtime {
namespace {

// Panels of weights are walked with large strides; a page table entry per 2 MiB instead of 4 kB keeps them in the TLB.
constexpr size_t kHugePage = size_t{2} << 20;

void check_range(const Buffer& buffer, size_t offset, size_t bytes, const char* what) {
  if (!buffer.valid()) throw ValueError(std::string(what) + ": the buffer is not valid.");
  if (offset > buffer.bytes() || bytes > buffer.bytes() - offset)
    throw ValueError(std::string(what) + ": a buffer of " + std::to_string(buffer.bytes()) + " bytes has no " +
                     std::to_string(bytes) + " bytes at offset " + std::to_string(offset) + ".");
}

}  // namespace

Buffer allocate_host_memory(size_t bytes) {
  // The kernel promises more memory than there is and kills the process that uses it; refuse what can never work.
  if (bytes > memory_limit())
    throw ValueError("No memory for a buffer of " + std::to_string(bytes) + " bytes: this machine has " +
                     std::to_string(memory_limit()) + " bytes.");
  size_t alignment = bytes >= 2 * kHugePage ? kHugePage : 0;  // a mapping is aligned to a page in any case
  size_t mapped = std::max<size_t>(bytes, 1) + alignment;
  void* memory = ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw ValueError("No memory for a buffer of " + std::to_string(bytes) + " bytes.");
  void* aligned = memory;
  if (alignment) {
    aligned = reinterpret_cast<void*>((reinterpret_cast<uintptr_t>(memory) + alignment - 1) & ~(alignment - 1));
    ::madvise(aligned, bytes, MADV_HUGEPAGE);  // advice: without huge pages all works, slower
  }
  return Buffer(std::shared_ptr<void>(aligned, [memory, mapped](void*) { ::munmap(memory, mapped); }), bytes);
}

int64_t arena_bytes(const Program& program) {
  int64_t bytes = 0;
  for (const Entry& entry : program.entries) bytes = std::max(bytes, entry.arena_bytes);
  return bytes;
}

Buffer HostMemoryDevice::allocate(size_t bytes) { return allocate_host_memory(bytes); }

Buffer HostMemoryDevice::wrap(void* host, size_t bytes) {
  // Aliases an empty owner: no reference count, so wrapping costs nothing and can be done for each call. No rows have
  // no address, but are a valid buffer.
  static char nothing;
  return Buffer(std::shared_ptr<void>(std::shared_ptr<void>(), host ? host : &nothing), bytes);
}

void HostMemoryDevice::copy_in(const Buffer& to, size_t offset, const void* host, size_t bytes) {
  check_range(to, offset, bytes, "copy_in");
  if (bytes) std::memcpy(static_cast<char*>(to.address()) + offset, host, bytes);
}

void HostMemoryDevice::copy_out(const Buffer& from, size_t offset, void* host, size_t bytes) {
  check_range(from, offset, bytes, "copy_out");
  if (bytes) std::memcpy(host, static_cast<const char*>(from.address()) + offset, bytes);
}

}  // namespace hornbeam::runtime
