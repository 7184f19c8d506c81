// When the kernels of a program run: for programs that were compiled to tell it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

extern "C" {
struct HornbeamProfiler {
  // Called by each thread of a call: when it begins an entry, with site -1, and whenever one of its kernels ends, with the
  // kernel's number in the program.
  void (*mark)(struct HornbeamProfiler* profiler, int32_t thread, int64_t site);
};
}

namespace hornbeam::runtime {

// A pointer to a HornbeamProfiler, or null, in the image of such a program.
inline constexpr const char* kProfilerSymbol = "hornbeam_profiler";

// Keeps when each kernel of each thread began and ended: it began when the one before it ended.
class KernelClock : public HornbeamProfiler {
 public:
  struct Event {
    int64_t site;
    int64_t begin, end;  // nanoseconds of the steady clock
  };

  // For a pool of so many threads.
  explicit KernelClock(int threads);
  KernelClock(const KernelClock&) = delete;

  int threads() const { return static_cast<int>(lanes_.size()); }
  // Of one thread, in order. Not while a call runs.
  const std::vector<Event>& events(int thread) const { return lanes_[static_cast<size_t>(thread)].events; }

 private:
  struct alignas(64) Lane {
    int64_t last = 0;
    std::vector<Event> events;
  };
  static void note(HornbeamProfiler* profiler, int32_t thread, int64_t site);
  std::vector<Lane> lanes_;
};

}  // namespace hornbeam::runtime
