// Choosing steps_per_execution = "auto".
#include "runtime/fit/steps_per_call.h"

#include <algorithm>
#include <chrono>

namespace hornbeam::runtime {
namespace {

constexpr int64_t kMaxSteps = 1024;
constexpr double kMaxOverhead = 0.01;

}  // namespace

int64_t StepsPerCall::run(Feed& feed, int64_t most) {
  if (groups_to_measure_ == 0 || most != steps_ || !feed.is_regular(most)) return feed.run(most);
  auto begin = std::chrono::steady_clock::now();
  int64_t count = feed.run(most);
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (!warm_) {
    warm_ = true;
    return count;
  }
  if (overhead_ < 0) overhead_ = feed.measure_overhead();
  fastest_step_ = std::min(fastest_step_, std::max(1e-9, (seconds - overhead_) / static_cast<double>(count)));
  while (steps_ < kMaxSteps && overhead_ > kMaxOverhead * (overhead_ + static_cast<double>(steps_) * fastest_step_))
    steps_ *= 2;
  --groups_to_measure_;
  return count;
}

}  // namespace hornbeam::runtime
