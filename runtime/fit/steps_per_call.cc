// Choosing steps_per_execution = "auto".
#include "runtime/fit/steps_per_call.h"

#include <algorithm>
#include <chrono>

namespace hornbeam::runtime {
namespace {

constexpr int64_t kMaxSteps = 1024;
constexpr double kMaxOverhead = 0.01;

}  // namespace

void StepsPerCall::run(Batches& batches, int64_t first, int64_t count, std::span<const int64_t> rows,
                       std::span<Array> outputs) {
  if (groups_to_measure_ == 0 || batches.has_short(first, count) || count != steps_) {
    batches.run(first, count, rows, outputs);
    return;
  }
  auto begin = std::chrono::steady_clock::now();
  batches.run(first, count, rows, outputs);
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (!warm_) {
    warm_ = true;
    return;
  }
  if (overhead_ < 0) overhead_ = batches.measure_overhead();
  fastest_step_ = std::min(fastest_step_, std::max(1e-9, (seconds - overhead_) / static_cast<double>(count)));
  while (steps_ < kMaxSteps && overhead_ > kMaxOverhead * (overhead_ + static_cast<double>(steps_) * fastest_step_))
    steps_ *= 2;
  --groups_to_measure_;
}

}  // namespace hornbeam::runtime
