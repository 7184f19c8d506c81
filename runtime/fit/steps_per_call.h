// How many steps a call runs: the given number, or one found by measuring.
#pragma once

#include <cstdint>

#include "runtime/fit/feed.h"

namespace hornbeam::runtime {

// "auto" begins with single steps and grows, by powers of two, until the overhead of a call (one that runs no step,
// measured) is below 1 % of the call. Time decides only how steps are grouped, which changes no result.
class StepsPerCall {
 public:
  explicit StepsPerCall(int64_t given) : steps_(given > 0 ? given : 1), groups_to_measure_(given > 0 ? 0 : 16) {}

  int64_t value() const { return steps_; }

  // Runs up to `most` batches, returns how many, and, for auto, learns from the time it took.
  int64_t run(Feed& feed, int64_t most);

 private:
  int64_t steps_;
  int groups_to_measure_;
  bool warm_ = false;  // the first call touches cold memory
  double overhead_ = -1;
  double fastest_step_ = 1e9;  // seconds; the machine's other work only ever makes a step slower
};

}  // namespace hornbeam::runtime
