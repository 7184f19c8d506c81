// Reads the machine's memory and, where a control group limits it, that limit.
#include "runtime/base/src/memory.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>

#include <sys/mman.h>
#include <unistd.h>

namespace hornbeam {

size_t memory_limit() {
  static const size_t limit = [] {
    size_t bytes = static_cast<size_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<size_t>(::sysconf(_SC_PAGESIZE));
    if (std::FILE* file = std::fopen("/sys/fs/cgroup/memory.max", "re")) {
      unsigned long long most = 0;  // the file may also say "max"
      if (std::fscanf(file, "%llu", &most) == 1) bytes = std::min(bytes, static_cast<size_t>(most));
      std::fclose(file);
    }
    return bytes;
  }();
  return limit;
}

void expect_to_fill(void* data, size_t bytes) {
  constexpr uintptr_t kHugePage = uintptr_t{2} << 20;
  uintptr_t begin = (reinterpret_cast<uintptr_t>(data) + kHugePage - 1) & ~(kHugePage - 1);
  uintptr_t end = (reinterpret_cast<uintptr_t>(data) + bytes) & ~(kHugePage - 1);
  if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);  // advice: it may fail
}

}  // namespace hornbeam
