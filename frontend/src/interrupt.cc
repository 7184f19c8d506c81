// A flag that signal handlers may set.
#include "frontend/src/interrupt.h"

#include <atomic>

namespace hornbeam {
namespace {

std::atomic<bool> wanted = false;
static_assert(std::atomic<bool>::is_always_lock_free);

}  // namespace

void interrupt() noexcept { wanted.store(true, std::memory_order_relaxed); }

bool take_interrupt() {
  return wanted.load(std::memory_order_relaxed) && wanted.exchange(false, std::memory_order_relaxed);
}

void check_interrupt() {
  if (take_interrupt()) throw Interrupted("The work was interrupted. The model is as of its last whole step.");
}

}  // namespace hornbeam
