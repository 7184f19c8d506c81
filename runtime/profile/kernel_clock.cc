// Reads the clock once for each kernel.
#include <chrono>

#include <hornbeam/runtime/profiler.h>

namespace hornbeam::runtime {

KernelClock::KernelClock(int threads) : HornbeamProfiler{&note}, lanes_(static_cast<size_t>(threads)) {}

void KernelClock::note(HornbeamProfiler* profiler, int32_t thread, int64_t site) {
  auto& lanes = static_cast<KernelClock*>(profiler)->lanes_;
  if (static_cast<size_t>(thread) >= lanes.size()) return;  // the pool grew since
  Lane& lane = lanes[static_cast<size_t>(thread)];
  int64_t now = std::chrono::duration_cast<std::chrono::nanoseconds>(
                    std::chrono::steady_clock::now().time_since_epoch())
                    .count();
  if (site >= 0) lane.events.push_back({site, lane.last, now});
  lane.last = now;
}

}  // namespace hornbeam::runtime
